import { slackOf } from '../../acquisition/feasibility.ts';
import { randomStream } from '../../math/random.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Trial } from '../../src/domain/trial.ts';
import { bestTrial } from '../../src/optimizer/best-trial.ts';
import type { Candidate } from '../../src/optimizer/candidate.ts';
import { encodeStudy } from '../../src/optimizer/encode.ts';
import { guardrailBounds } from '../../src/optimizer/guardrail-bounds.ts';
import { metricModels } from '../../src/optimizer/metric-models.ts';
import { firstObjective, modelledMetrics } from '../../src/optimizer/metric-roles.ts';
import { fitMetric } from '../../src/optimizer/fit-metric.ts';
import { baselineTrial } from '../../src/service/baseline-trial.ts';
import { noisyMeasure, withKnownNoise } from './noise.ts';
import type { Measure, Problem } from '../problems/problem.ts';
import { completed, measuredBaseline, running } from './run-study.ts';

/** What the trial that the study names as its best is worth in truth. */
export interface NamedTrial {
  /** The objective without noise. */
  readonly value: number;
  /** Whether it meets every guardrail without noise, the baseline's included. */
  readonly feasible: boolean;
}

/** A method's next batch of so many candidates, after the trials of a study. */
export type ChooseBatch = (
  definition: StudyDefinition,
  trials: readonly Trial[],
  count: number,
) => readonly Candidate[];

/**
 * Runs the problem with Gaussian noise whose standard error each observation brings, batch by batch as a method chooses
 * them.
 *
 * Returns what the study names after each batch, by pondera's rule whatever the method; undefined where it names none.
 */
export function runNoisyStudy(
  { study, measure }: Problem,
  choose: ChooseBatch,
  seed: number,
  batch: number,
  batches: number,
): readonly (NamedTrial | undefined)[] {
  const exact = study(seed);
  const definition = withKnownNoise(exact);
  const observe = noisyMeasure(exact, measure, randomStream(seed, 'bench', 'noise'));
  const baseline = baselineTrial(definition);
  const trials: Trial[] =
    baseline === undefined || baseline.weights === null
      ? []
      : [completed(baseline, observe(baseline.weights))];
  return Array.from({ length: batches }, (_, round) => {
    const chosen = choose(definition, trials, batch);
    trials.push(
      ...chosen.map((candidate, i) =>
        completed(running(round * batch + i + 1, candidate), observe(candidate.weights)),
      ),
    );
    return namedTrial(exact, definition, trials, measure);
  });
}

function namedTrial(
  exact: StudyDefinition,
  noisy: StudyDefinition,
  trials: readonly Trial[],
  measure: Measure,
): NamedTrial | undefined {
  const fitted = Object.fromEntries(
    modelledMetrics(noisy).map((metric) => [metric, fitMetric(noisy, trials, metric)]),
  );
  const named = bestTrial(noisy, trials, metricModels(noisy, encodeStudy(noisy), trials, fitted));
  if (named === undefined) return undefined;
  const truth = measure(named.weights);
  const bounds = guardrailBounds(exact, measuredBaseline(exact, measure))!;
  return {
    value: truth[firstObjective(exact).metric]!,
    feasible: bounds.every((bound) => slackOf(bound, truth[bound.metric]!) >= 0),
  };
}
