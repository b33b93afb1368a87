import {
  addGradientGivenSamples,
  conditionalMoments,
  conditionOnSamples,
  predictGivenSamples,
} from '../gp/conditional-samples.ts';
import type { Random } from '../math/random.ts';
import { baselinePoints } from './baseline-points.ts';
import { columnsOf, rowsOf, sampleBaseline } from './baseline-samples.ts';
import { signOf } from './feasibility.ts';
import { bestFeasible, checkNoisyProblem, type NoisyProblem } from './noisy-problem.ts';
import type { Criterion } from './optimize.ts';
import { sampledImprovement } from './sampled-improvement.ts';

/** Of the baseline; a power of two, as Sobol points want it. */
export const DEFAULT_SAMPLES = 128;

export interface NoisyExpectedImprovement {
  readonly criterion: Criterion;
  /** The share of samples in which some observed or pending point is feasible; at 0 the criterion is log P(feasible). */
  readonly feasibleShare: number;
  /** How many points each new one is conditioned on. */
  readonly baselineSize: number;
}

/**
 * Log expected improvement under noise, with points pending, over the best feasible point of each posterior sample.
 *
 * log E_F[EI(x | F, best(F)) · P(feasible at x | F)], F the latent metrics at observed and pending points
 *
 * F is drawn once by quasi-Monte-Carlo, and stays for all x; given F the point x is integrated in closed form. Bounds
 * relative to the reference point move with its value in F. Observed points that are best in no sample of F are left
 * out. Of a batch, points are chosen one at a time, each then appended to `pending`: their improvements add up to that
 * of the batch. Where a sample of F has no feasible point, finding one counts as much as an improvement by one prior
 * standard deviation.
 *
 * Throws RangeError on shapes that disagree, NotPositiveDefiniteError.
 * Source: Letham et al. 2019, arXiv:1706.07094; Balandat et al. 2020, arXiv:1910.06403 (prune_baseline, cached factor);
 * Ament et al. 2023, arXiv:2310.20708.
 */
export function noisyExpectedImprovement(
  problem: NoisyProblem,
  random: Random,
  samples = DEFAULT_SAMPLES,
): NoisyExpectedImprovement {
  checkNoisyProblem(problem);
  const { processes, objective, guardrails, reference } = problem;
  const { dimension } = processes[0]!;
  const rows = baselinePoints(problem);
  const drawn = sampleBaseline(problem, rows, samples, random);
  const total = drawn.points.length / dimension;

  const bounds = guardrails.map(({ metric, factor, offset }) =>
    Float64Array.from({ length: samples }, (_, s) =>
      // The reference is the first of the rows.
      factor === 0 ? offset : offset + factor * drawn.metrics[metric]!.values[s * total]!,
    ),
  );
  const incumbents = Array.from({ length: samples }, (_, s) =>
    bestFeasible(
      problem,
      total,
      (metric, i) => drawn.metrics[metric]!.values[s * total + i]!,
      bounds.map((of) => of[s]!),
    ),
  );
  const winners = new Set(incumbents.map(({ index }) => index));
  const kept = Array.from({ length: total }, (_, i) => i).filter(
    (i) => winners.has(i) || i >= rows.length || (i === 0 && reference !== undefined),
  );

  const given = processes.map((process, m) => {
    const { values, uncertain } = drawn.metrics[m]!;
    const columns = kept.filter((i) => uncertain.includes(i));
    return conditionOnSamples(
      process,
      rowsOf(drawn.points, columns, dimension),
      columnsOf(values, columns, total),
      samples,
    );
  });
  const improvement = sampledImprovement({
    objective,
    guardrails: guardrails.map(({ metric, relation }, k) => ({
      metric,
      sign: signOf(relation),
      bounds: bounds[k]!,
    })),
    best: Float64Array.from(incumbents, ({ value }) => value),
    firstFeasible: priorStddev(problem),
  });
  const moments = given.map(conditionalMoments);
  const slopes = given.map(() => ({ means: new Float64Array(samples), variance: 0 }));
  return {
    feasibleShare: incumbents.filter(({ index }) => index >= 0).length / samples,
    baselineSize: kept.length,
    criterion: (x, gradient) => {
      for (const [m, each] of given.entries()) predictGivenSamples(each, x, moments[m]!);
      const value = improvement(moments, slopes);
      gradient.fill(0);
      for (const [m, each] of given.entries()) {
        addGradientGivenSamples(each, moments[m]!, slopes[m]!.means, slopes[m]!.variance, gradient);
      }
      return value;
    },
  };
}

function priorStddev({ processes, objective }: NoisyProblem): number {
  const { hyperparameters, standardization } = processes[objective.metric]!;
  return standardization.stddev * Math.sqrt(hyperparameters.outputscale);
}
