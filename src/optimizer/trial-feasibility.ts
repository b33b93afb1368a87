import { slackOf } from '../../acquisition/feasibility.ts';
import type { NoisyFeasibility } from '../../acquisition/incumbent.ts';
import { partsOf } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { encodeStudy, toUnitCube } from './encode.ts';
import type { GuardrailBound } from './guardrail-bounds.ts';
import { guardrailClaim } from './guardrail-claim.ts';
import type { MetricModels } from './metric-models.ts';
import { pooledObservations } from './repeated-weights.ts';
import { baselineRow, isNoiseFree, observationAt, observedTrials } from './training-data.ts';

/**
 * What the models and its own observation say of whether each observed trial meets the guardrails; where a metric has no
 * noise its observation decides.
 */
export function noisyFeasibility(
  definition: StudyDefinition,
  trials: readonly Trial[],
  models: MetricModels,
  bounds: readonly GuardrailBound[],
): readonly NoisyFeasibility[] {
  const encoding = encodeStudy(definition);
  const claims = bounds.map((bound) => guardrailClaim(definition, encoding, trials, models, bound));
  const misses = bounds.map((bound) => violations(definition, trials, models, bound));
  const isExact = bounds.map(({ metric }) => isNoiseFree(definition, partsOf(definition, metric)));
  return observedTrials(trials).map((trial, i) => ({
    probabilityFeasible: () => {
      const x = toUnitCube(encoding, trial.weights);
      const met = bounds.map((bound, k) => {
        if (!isExact[k]) return claims[k]!(x);
        return slackOf(bound, observationAt(definition, trial, bound.metric).mean) >= 0 ? 1 : 0;
      });
      return met.reduce((product, probability) => product * probability, 1);
    },
    violation: Math.max(0, ...misses.map((miss) => miss[i]!)),
  }));
}

/**
 * By how many standard errors each observed trial misses a bound, all observations at its weights taken together; the error
 * of a relative bound is the baseline's too.
 */
function violations(
  definition: StudyDefinition,
  trials: readonly Trial[],
  models: MetricModels,
  bound: GuardrailBound,
): readonly number[] {
  const { metric, relation, factor, offset } = bound;
  const pooled = pooledObservations(definition, models, observedTrials(trials), metric);
  const row = baselineRow(trials);
  const baseline = factor === 0 || row === undefined ? undefined : pooled[row]!;
  const reference = baseline === undefined ? bound.bound : factor * baseline.mean + offset;
  const ofBound = baseline === undefined ? 0 : factor ** 2 * baseline.variance;
  return pooled.map(({ mean, variance }) => {
    const missed = Math.max(0, -slackOf({ relation, bound: reference }, mean));
    return missed === 0 ? 0 : missed / Math.sqrt(variance + ofBound);
  });
}
