import type { SteeredStudy } from './guardrail-margin.ts';
import { observedTrials } from './training-data.ts';

/** The squared standard error of the objective's difference to the best trial, as a metric of the trials. */
export const PAIRED_VARIANCE = 'paired variance of the objective';

/**
 * The trials with that metric, by their numbers; those that are not observed stay as they are.
 *
 * The variance is modelled, and not the error: on one log the error grows from 0 at the best trial like a distance, with a kink
 * there, the variance like its square.
 */
export function withPairedVariances(
  { definition, trials }: SteeredStudy,
  variances: ReadonlyMap<number, number>,
): SteeredStudy {
  const observed = new Set(observedTrials(trials).map(({ number }) => number));
  return {
    definition,
    trials: trials.map((trial) => {
      if (!observed.has(trial.number)) return trial;
      const mean = variances.get(trial.number);
      if (mean === undefined) throw new RangeError(`trial ${trial.number} has no paired variance`);
      return { ...trial, observations: { ...trial.observations, [PAIRED_VARIANCE]: { mean, sem: null } } };
    }),
  };
}
