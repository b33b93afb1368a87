import { noisyExpectedHypervolumeImprovement } from '../../acquisition/hypervolume/noisy-expected-hypervolume-improvement.ts';
import { DEFAULT_SAMPLES } from '../../acquisition/noisy-expected-improvement.ts';
import type { Random } from '../../math/random.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import type { StudyEncoding } from './encode.ts';
import type { GuardrailBound } from './guardrail-bounds.ts';
import type { MetricModels } from './metric-models.ts';
import { modelledMetrics, objectiveSign, steeringMetrics } from './metric-roles.ts';
import { noisyTrials } from './noisy-search.ts';
import type { ParetoSet } from './pareto-set.ts';
import type { Search } from './search.ts';
import { isNoiseFree, pendingTrials } from './training-data.ts';

/** Trials of the Pareto set near which a search starts: each adds its neighbours' scores to the time of a suggestion. */
const MOST_INCUMBENTS = 8;

/**
 * Noisy log expected hypervolume improvement over the joint posterior at observed and running trials; the log probability
 * of feasibility where no sample of it has a feasible trial.
 *
 * Where nothing is uncertain, metrics being exact and no trial running, one sample is all of them.
 */
export function paretoSearch(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  trials: readonly Trial[],
  models: MetricModels,
  bounds: readonly GuardrailBound[],
  { referencePoint }: ParetoSet,
  random: Random,
): Search {
  const metrics = steeringMetrics(definition);
  const objectives = objectivesOf(definition).map(({ metric }) => ({
    metric: metrics.indexOf(metric),
    sign: objectiveSign(definition, metric),
  }));
  const certain = isNoiseFree(definition, modelledMetrics(definition)) && pendingTrials(trials).length === 0;
  const { criterion, feasibleShare } = noisyExpectedHypervolumeImprovement(
    { ...noisyTrials(definition, encoding, trials, models, bounds), objectives, referencePoint },
    random,
    certain ? 1 : DEFAULT_SAMPLES,
  );
  if (feasibleShare > 0)
    return { criterion, generator: 'noisy_log_expected_hypervolume_improvement', seeksFeasible: false };
  return {
    criterion,
    generator: 'log_probability_of_feasibility',
    seeksFeasible: true,
    remark: 'no trial is feasible in any sample of the posterior',
  };
}

/** The weights near which to start: the set's, of a larger one every few along the first objective, both ends among them. */
export function incumbentsOf({ trials }: ParetoSet): readonly Weights[] {
  const count = Math.min(trials.length, MOST_INCUMBENTS);
  return Array.from({ length: count }, (_, k) => {
    const at = count === 1 ? 0 : Math.round((k * (trials.length - 1)) / (count - 1));
    return trials[at]!.weights;
  });
}
