import type { Random } from '../math/random.ts';
import { baselinePoints } from './baseline-points.ts';
import { sampleBaseline } from './baseline-samples.ts';
import { firstFeasible } from './feasible-improvement.ts';
import {
  bestFeasible,
  checkNoisyProblem,
  fittedMetrics,
  type NoisyProblem,
  type NoisyTrials,
} from './noisy-problem.ts';
import type { Criterion } from './optimize.ts';
import { criterionGivenSamples, sampledGuardrails } from './sampled-criterion.ts';
import { sampledImprovement } from './sampled-improvement.ts';

/** Of the baseline; a power of two, as Sobol points want it. */
export const DEFAULT_SAMPLES = 128;

export interface NoisyExpectedImprovement {
  readonly criterion: Criterion;
  /** The share of samples in which some observed or pending point is feasible; at 0 the first is looked for. */
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
 * of the batch. Where a sample of F has no feasible point, the first is worth what `firstFeasible` says.
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
  const { processes, objective, reference } = problem;
  const { dimension } = processes[0]!;
  const rows = baselinePoints(problem);
  const drawn = sampleBaseline(problem, rows, samples, random);
  const total = drawn.points.length / dimension;

  const guardrails = sampledGuardrails(problem, drawn, dimension);
  const incumbents = Array.from({ length: samples }, (_, s) =>
    bestFeasible(
      problem,
      total,
      (metric, i) => drawn.metrics[metric]![s * total + i]!,
      guardrails.map(({ bounds }) => bounds[s]!),
    ),
  );
  const winners = new Set(incumbents.map(({ index }) => index));
  const kept = Array.from({ length: total }, (_, i) => i).filter(
    (i) => winners.has(i) || i >= rows.length || (i === 0 && reference !== undefined),
  );
  const improvement = sampledImprovement({
    objective,
    guardrails,
    best: Float64Array.from(incumbents, ({ value }) => value),
    firstFeasible: firstFeasible(
      fittedMetrics(problem)[objective.metric]!.map((value) => objective.sign * value),
    ),
  });
  return {
    feasibleShare: incumbents.filter(({ index }) => index >= 0).length / samples,
    baselineSize: kept.length,
    criterion: criterionGivenSamples(problem, drawn, kept, improvement),
  };
}

/** What a first feasible point counts as where its gain has no other measure: √Σ a_k² times the variance of process k. */
export function priorStddev({ processes, metrics }: NoisyTrials, metric: number): number {
  const ofTerms = metrics[metric]!.terms.map(({ part, coefficient }) => {
    const { hyperparameters, standardization } = processes[part]!;
    return coefficient * standardization.stddev * Math.sqrt(hyperparameters.outputscale);
  });
  return Math.hypot(...ofTerms);
}
