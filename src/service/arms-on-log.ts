import { type ExperimentArm, type ExperimentRequest, mergeSchema } from '../domain/experiment.ts';
import { mergeArms } from '../online/arms/merge-arms.ts';
import type { ArmLog } from './arm-log.ts';

/** Why nothing is measured on a log that is kept as histograms. */
export const HISTOGRAM_FORM = 'the study’s is in the histogram form, which keeps no rankings';

export type ArmBeforeSplit = Omit<ExperimentArm, 'share'>;

/** The request as it is worked on: with a log at hand arms that rank alike are merged, by the usual τ where it says none. */
export function requestOnLog(request: ExperimentRequest, log: ArmLog | undefined): ExperimentRequest {
  return log === undefined ? request : { ...request, merge: request.merge ?? mergeSchema.parse({}) };
}

/** The arms with what a log measures at their weights. */
export async function measuredArms(
  arms: readonly ArmBeforeSplit[],
  log: ArmLog | undefined,
): Promise<readonly ArmBeforeSplit[]> {
  if (log === undefined) return arms;
  const offline = await log.measure(arms.map(({ weights }) => weights));
  return arms.map((arm, i) => ({ ...arm, offline: offline[i]! }));
}

/** The arms that stay, once those that a log ranks alike are merged; the baseline and those picked by hand do. */
export async function mergedArms(
  arms: readonly ArmBeforeSplit[],
  { merge }: ExperimentRequest,
  log: ArmLog | undefined,
): Promise<{
  readonly arms: readonly ArmBeforeSplit[];
  readonly merged: ReturnType<typeof mergeArms>['merged'];
}> {
  if (log === undefined || merge === undefined) return { arms, merged: [] };
  const agreements = await log.agreements(
    arms.map(({ weights }) => weights),
    merge.cutoff,
  );
  const proposed = arms.map(({ name, kind }) => ({ name, kept: kind !== 'suggested' }));
  const { arms: staying, merged } = mergeArms(proposed, agreements, merge.above);
  return { arms: arms.filter(({ name }) => staying.includes(name)), merged };
}

/** What an experiment says where no log was at hand, and why where that is known. */
export function withoutLogNotes(
  { merge }: ExperimentRequest,
  log: ArmLog | string | undefined,
): readonly string[] {
  if (typeof log === 'string') return [`arms were not measured on a log, and none merged: ${log}`];
  if (merge === undefined || log !== undefined) return [];
  return ['arms that rank alike were not merged: no log is at hand here'];
}
