import type { CoregionalizedProcess } from './coregionalization.ts';
import { type LeaveOneOut, leaveOneOutOf } from '../cross-validation.ts';

/** `leaveOneOut` of the observations of all tasks; length n, each in the raw output units of its task. O(n³). */
export function coregionalizedLeaveOneOut(process: CoregionalizedProcess): LeaveOneOut {
  const { task, standardizations } = process;
  return leaveOneOutOf(process, (i) => standardizations[task[i]!]!);
}
