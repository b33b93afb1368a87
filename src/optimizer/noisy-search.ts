import { noisyExpectedImprovement } from '../../acquisition/noisy-expected-improvement.ts';
import type { NoisyTrials, RelativeGuardrail } from '../../acquisition/noisy-problem.ts';
import type { Random } from '../../math/random.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { type StudyEncoding, toUnitCube } from './encode.ts';
import type { GuardrailBound } from './guardrail-bounds.ts';
import { combinationOf, type MetricModels } from './metric-models.ts';
import { firstObjective, objectiveSign, steeringMetrics } from './metric-roles.ts';
import type { Search } from './search.ts';
import { baselineRow, observedTrials, pendingTrials } from './training-data.ts';

/**
 * Noisy log expected improvement over the joint posterior at observed and running trials; where no sample of it has a
 * feasible trial, the log probability of feasibility plus the log worth of the first that is.
 */
export function noisySearch(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  trials: readonly Trial[],
  models: MetricModels,
  bounds: readonly GuardrailBound[],
  random: Random,
): Search {
  const given = noisyTrials(definition, encoding, trials, models, bounds);
  const metric = steeringMetrics(definition).indexOf(firstObjective(definition).metric);
  const problem = { ...given, objective: { metric, sign: objectiveSign(definition) } };
  const { criterion, feasibleShare } = noisyExpectedImprovement(problem, random);
  if (feasibleShare > 0)
    return { criterion, generator: 'noisy_log_expected_improvement', seeksFeasible: false };
  return {
    criterion,
    generator: 'log_feasibility_weighted_improvement',
    seeksFeasible: true,
    remark:
      'no trial is feasible in any sample of the posterior: the chance to be the first, times the gain over the mean objective',
  };
}

/**
 * The models, guardrails, observed and running trials as the acquisition functions take them; metrics are in the order of
 * `steeringMetrics`.
 */
export function noisyTrials(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  trials: readonly Trial[],
  models: MetricModels,
  bounds: readonly GuardrailBound[],
): NoisyTrials {
  const metrics = steeringMetrics(definition);
  const reference = baselineRow(trials);
  const points = (of: readonly { readonly weights: Trial['weights'] }[]): Float64Array =>
    Float64Array.from(of.flatMap(({ weights }) => [...toUnitCube(encoding, weights!)]));
  return {
    processes: [...models.values()],
    metrics: metrics.map((metric) => combinationOf(definition, models, metric)),
    guardrails: bounds.map(({ metric, relation, factor, offset, bound }): RelativeGuardrail => ({
      metric: metrics.indexOf(metric),
      relation,
      ...(reference === undefined ? { factor: 0, offset: bound } : { factor, offset }),
    })),
    observed: points(observedTrials(trials)),
    pending: points(pendingTrials(trials)),
    ...(reference !== undefined && { reference }),
  };
}
