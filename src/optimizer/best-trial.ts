import type { Guardrail } from '../../acquisition/feasibility.ts';
import {
  type Incumbent,
  noiseFreeIncumbent,
  noisyIncumbent,
  type NoisyTrial,
  type TrialOutcome,
} from '../../acquisition/incumbent.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import { type GuardrailBound, guardrailBounds } from './guardrail-bounds.ts';
import { fittedMetric, type MetricModels } from './metric-models.ts';
import { firstObjective, modelledMetrics, objectiveSign } from './metric-roles.ts';
import { distinctRows } from './repeated-weights.ts';
import { isNoiseFree, observationAt, observedTrials } from './training-data.ts';
import { noisyFeasibility } from './trial-feasibility.ts';

export interface BestTrial {
  readonly number: number;
  readonly weights: Weights;
  readonly rule: Incumbent['rule'];
  /** Whether the rule takes the trial to meet every guardrail. */
  readonly feasible: boolean;
  /** The objective as "maximise": observed where metrics have no noise, else the model's mean. */
  readonly objective: number;
}

/**
 * The best trial so far, by the rule that fits the noise; undefined while none is completed or the baseline is not
 * measured. Of several objectives the first decides.
 *
 * Metrics without noise: by observed values. Noisy ones: by posterior mean among trials that are feasible with the study's
 * confidence; `models` is needed for those. Of trials at the same weights the first stands for all: exact ones by its own
 * observation, noisy ones by the posterior there, which all of their observations sharpen.
 */
export function bestTrial(
  definition: StudyDefinition,
  trials: readonly Trial[],
  models?: MetricModels,
): BestTrial | undefined {
  const bounds = guardrailBounds(definition, trials);
  const observed = observedTrials(trials);
  if (bounds === undefined || observed.length === 0) return undefined;
  const noiseFree = isNoiseFree(definition, modelledMetrics(definition));
  const rows = distinctRows(observed);
  const noisy = noiseFree ? [] : pick(rows, noisyTrials(definition, trials, models!, bounds));
  const exact = noiseFree ? pick(rows, outcomes(definition, trials, bounds)) : [];
  const incumbent = noiseFree
    ? noiseFreeIncumbent(
        exact,
        bounds.map(({ bound, relation }): Guardrail => ({ bound, relation })),
      )
    : noisyIncumbent(noisy, definition.confidence);
  if (incumbent === undefined) return undefined;
  const { index, rule, feasible } = incumbent;
  const { number, weights } = observed[rows[index]!]!;
  const objective = noiseFree ? exact[index]!.objective : noisy[index]!.objectiveMean;
  return { number, weights, rule, feasible, objective };
}

function pick<Value>(rows: readonly number[], values: readonly Value[]): readonly Value[] {
  return rows.map((row) => values[row]!);
}

function outcomes(
  definition: StudyDefinition,
  trials: readonly Trial[],
  bounds: readonly GuardrailBound[],
): readonly TrialOutcome[] {
  const sign = objectiveSign(definition);
  const { metric: objective } = firstObjective(definition);
  return observedTrials(trials).map((trial) => ({
    objective: sign * observationAt(definition, trial, objective).mean,
    metrics: bounds.map(({ metric }) => observationAt(definition, trial, metric).mean),
  }));
}

function noisyTrials(
  definition: StudyDefinition,
  trials: readonly Trial[],
  models: MetricModels,
  bounds: readonly GuardrailBound[],
): readonly NoisyTrial[] {
  const means = fittedMetric(
    definition,
    models,
    firstObjective(definition).metric,
    observedTrials(trials).length,
  );
  const sign = objectiveSign(definition);
  return noisyFeasibility(definition, trials, models, bounds).map((feasibility, i) => ({
    ...feasibility,
    objectiveMean: sign * means[i]!,
  }));
}
