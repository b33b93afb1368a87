import type { Store } from '../../store/open.ts';
import { countRunningTrials as count } from '../../store/trials.ts';

/** Trials of all studies that are handed out and not completed. */
export function countRunningTrials(store: Store): Promise<number> {
  return count(store);
}
