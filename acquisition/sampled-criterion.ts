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
import {
  combineMoments,
  type SampledCriterion,
  type SampledMoments,
  splitSlopes,
} from './sampled-moments.ts';

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
      factor === 0 ? offset : offset + factor * metrics[metric]![s * total]!,
    ),
  }));
}

/**
 * A function of the metrics' moments given each sample, as a criterion in x: every process is conditioned on the samples
 * of it at the `kept` points, those that are known exactly left out.
 *
 * Throws NotPositiveDefiniteError.
 */
export function criterionGivenSamples(
  { processes, metrics }: NoisyTrials,
  { count, points, processes: samples }: BaselineSamples,
  kept: readonly number[],
  sampled: SampledCriterion,
): Criterion {
  const { dimension } = processes[0]!;
  const given = processes.map((process, m) => {
    const { values, uncertain } = samples[m]!;
    const columns = kept.filter((i) => uncertain.includes(i));
    return conditionOnSamples(
      process,
      rowsOf(points, columns, dimension),
      columnsOf(values, columns, points.length / dimension),
      count,
    );
  });
  const room = (): SampledMoments => ({ means: new Float64Array(count), variance: 0 });
  const partMoments = given.map(conditionalMoments);
  const partSlopes = given.map(room);
  const moments = metrics.map(room);
  const slopes = metrics.map(room);
  return (x, gradient) => {
    for (const [m, each] of given.entries()) predictGivenSamples(each, x, partMoments[m]!);
    combineMoments(metrics, partMoments, moments);
    const value = sampled(moments, slopes);
    splitSlopes(metrics, slopes, partSlopes);
    gradient.fill(0);
    for (const [m, each] of given.entries()) {
      const { means, variance } = partSlopes[m]!;
      addGradientGivenSamples(each, partMoments[m]!, means, variance, gradient);
    }
    return value;
  };
}
