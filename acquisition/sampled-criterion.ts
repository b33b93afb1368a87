import {
  addGradientGivenSamples,
  conditionalMoments,
  conditionOnSamples,
  predictGivenSamples,
} from '../gp/conditional-samples.ts';
import { type BaselineSamples, columnsOf, rowsOf } from './baseline-samples.ts';
import { signOf } from './feasibility.ts';
import type { NoisyTrials } from './noisy-problem.ts';
import type { Criterion } from './optimize.ts';
import type { SampledGuardrail } from './sampled-feasibility.ts';
import type { SampledCriterion } from './sampled-moments.ts';

/** The guardrails with their bounds in each sample; a reference is the first of the sampled points. */
export function sampledGuardrails(
  { guardrails }: NoisyTrials,
  { count, points, metrics }: BaselineSamples,
  dimension: number,
): readonly SampledGuardrail[] {
  const total = points.length / dimension;
  return guardrails.map(({ metric, relation, factor, offset }) => ({
    metric,
    sign: signOf(relation),
    bounds: Float64Array.from({ length: count }, (_, s) =>
      factor === 0 ? offset : offset + factor * metrics[metric]!.values[s * total]!,
    ),
  }));
}

/**
 * A function of the moments given each sample, as a criterion in x: every metric is conditioned on the samples of it at
 * the `kept` points, those that are known exactly left out.
 *
 * Throws NotPositiveDefiniteError.
 */
export function criterionGivenSamples(
  { processes }: NoisyTrials,
  { count, points, metrics }: BaselineSamples,
  kept: readonly number[],
  sampled: SampledCriterion,
): Criterion {
  const { dimension } = processes[0]!;
  const given = processes.map((process, m) => {
    const { values, uncertain } = metrics[m]!;
    const columns = kept.filter((i) => uncertain.includes(i));
    return conditionOnSamples(
      process,
      rowsOf(points, columns, dimension),
      columnsOf(values, columns, points.length / dimension),
      count,
    );
  });
  const moments = given.map(conditionalMoments);
  const slopes = given.map(() => ({ means: new Float64Array(count), variance: 0 }));
  return (x, gradient) => {
    for (const [m, each] of given.entries()) predictGivenSamples(each, x, moments[m]!);
    const value = sampled(moments, slopes);
    gradient.fill(0);
    for (const [m, each] of given.entries()) {
      addGradientGivenSamples(each, moments[m]!, slopes[m]!.means, slopes[m]!.variance, gradient);
    }
    return value;
  };
}
