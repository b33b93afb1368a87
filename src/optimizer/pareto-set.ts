import { slackOf } from '../../acquisition/feasibility.ts';
import { isConfidentlyFeasible } from '../../acquisition/incumbent.ts';
import { nonDominated, type Outcome } from '../../acquisition/hypervolume/dominance.ts';
import { hypervolume } from '../../acquisition/hypervolume/hypervolume.ts';
import { inferReferencePoint } from '../../acquisition/hypervolume/reference-point.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { type GuardrailBound, guardrailBounds } from './guardrail-bounds.ts';
import { fittedMetric, type MetricModels } from './metric-models.ts';
import { modelledMetrics, objectiveSign } from './metric-roles.ts';
import { distinctRows } from './repeated-weights.ts';
import { isNoiseFree, observationAt, type ObservedTrial, observedTrials } from './training-data.ts';
import { noisyFeasibility } from './trial-feasibility.ts';

export interface ParetoSet {
  /** The feasible trials that no other feasible trial dominates, by falling first objective. */
  readonly trials: readonly ObservedTrial[];
  /** One value an objective, as "maximise": the study's, else inferred from the trials. */
  readonly referencePoint: Outcome;
  /** What the set dominates above the reference point, in the product of the objectives' units. */
  readonly hypervolume: number;
}

/**
 * The best trade-offs so far; undefined while no trial is completed or the baseline is not measured, empty while none is
 * feasible.
 *
 * Metrics without noise: by observed values. Noisy ones: by posterior means, among trials that are feasible with the
 * study's confidence; `models` is needed for those. The reference point moves with the trials where the study has none.
 */
export function paretoSet(
  definition: StudyDefinition,
  trials: readonly Trial[],
  models?: MetricModels,
): ParetoSet | undefined {
  const bounds = guardrailBounds(definition, trials);
  const observed = observedTrials(trials);
  if (bounds === undefined || observed.length === 0) return undefined;
  const outcomes = trialOutcomes(definition, observed, models);
  const feasible = feasibleRows(definition, trials, bounds, models);
  const front = nonDominated(feasible.map((i) => outcomes[i]!)).map((k) => feasible[k]!);
  const values = front.map((i) => outcomes[i]!);
  const inferred = inferReferencePoint(values, outcomes);
  const referencePoint = objectivesOf(definition).map(({ metric }, i) => {
    const stated = definition.referencePoint?.[metric];
    return stated === undefined ? inferred[i]! : objectiveSign(definition, metric) * stated;
  });
  return {
    trials: front.toSorted((a, b) => outcomes[b]![0]! - outcomes[a]![0]!).map((i) => observed[i]!),
    referencePoint,
    hypervolume: hypervolume(values, referencePoint),
  };
}

/** The objectives at each observed trial, as "maximise". */
function trialOutcomes(
  definition: StudyDefinition,
  observed: readonly ObservedTrial[],
  models: MetricModels | undefined,
): readonly Outcome[] {
  const noiseFree = isNoiseFree(definition, modelledMetrics(definition));
  const columns = objectivesOf(definition).map(({ metric }) => {
    const values = noiseFree
      ? observed.map((trial) => observationAt(definition, trial, metric).mean)
      : [...fittedMetric(definition, models!, metric, observed.length)];
    return values.map((value) => objectiveSign(definition, metric) * value);
  });
  return observed.map((_, i) => columns.map((column) => column[i]!));
}

/** Which of the observed trials count as feasible, each location once. */
function feasibleRows(
  definition: StudyDefinition,
  trials: readonly Trial[],
  bounds: readonly GuardrailBound[],
  models: MetricModels | undefined,
): readonly number[] {
  const observed = observedTrials(trials);
  const rows = distinctRows(observed);
  if (isNoiseFree(definition, modelledMetrics(definition))) {
    return rows.filter((i) =>
      bounds.every(
        (bound) => slackOf(bound, observationAt(definition, observed[i]!, bound.metric).mean) >= 0,
      ),
    );
  }
  const feasibility = noisyFeasibility(definition, trials, models!, bounds);
  return rows.filter((i) => isConfidentlyFeasible(feasibility[i]!, definition.confidence));
}
