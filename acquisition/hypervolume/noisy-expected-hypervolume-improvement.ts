import type { Random } from '../../math/random.ts';
import { sampleBaseline } from '../baseline-samples.ts';
import {
  DEFAULT_SAMPLES,
  type NoisyExpectedImprovement,
  priorStddev,
} from '../noisy-expected-improvement.ts';
import { isFeasible } from '../noisy-problem.ts';
import { criterionGivenSamples, sampledGuardrails } from '../sampled-criterion.ts';
import { baselineFrontPoints } from './baseline-front-points.ts';
import { type BoxDecomposition, decomposeNonDominated } from './box-decomposition.ts';
import { nonDominated, type Outcome } from './dominance.ts';
import { isAbove } from './hypervolume.ts';
import { checkParetoProblem, type ParetoProblem } from './pareto-problem.ts';
import { sampledHypervolumeImprovement } from './sampled-hypervolume-improvement.ts';

/**
 * Log expected hypervolume improvement under noise, with points pending, over the feasible front of each posterior
 * sample.
 *
 * log E_F[E[HV(front(F) ∪ f(x)) − HV(front(F)) | F] · P(feasible at x | F)], F the latent metrics at observed and pending
 * points
 *
 * F is drawn once by quasi-Monte-Carlo, and stays for all x; given F the point x is integrated in closed form over the
 * boxes that the front of F leaves. Bounds relative to the reference trial move with its value in F. Observed points that
 * are on no front of F are left out. Of a batch, points are chosen one at a time, each then appended to `pending`. Where
 * a sample of F has no feasible point, finding one counts as much as an improvement by one prior standard deviation of
 * every objective. With one objective, and a reference point below all values, it is `noisyExpectedImprovement`.
 *
 * Throws RangeError on shapes that disagree, NotPositiveDefiniteError.
 * Source: Daulton, Balandat, Bakshy 2021, arXiv:2105.08195, there with samples at x too; Yang et al. 2019; Ament et al.
 * 2023, arXiv:2310.20708.
 */
export function noisyExpectedHypervolumeImprovement(
  problem: ParetoProblem,
  random: Random,
  samples = DEFAULT_SAMPLES,
): NoisyExpectedImprovement {
  checkParetoProblem(problem);
  const { processes, objectives, reference, referencePoint } = problem;
  const { dimension } = processes[0]!;
  const rows = baselineFrontPoints(problem);
  const drawn = sampleBaseline(problem, rows, samples, random);
  const total = drawn.points.length / dimension;
  const points = Array.from({ length: total }, (_, i) => i);

  const guardrails = sampledGuardrails(problem, drawn, dimension);
  const needed = new Set(points.filter((i) => i >= rows.length || (i === 0 && reference !== undefined)));
  const regions = Array.from({ length: samples }, (_, s): BoxDecomposition | undefined => {
    const bounds = guardrails.map((guardrail) => guardrail.bounds[s]!);
    const value = (metric: number, i: number): number => drawn.metrics[metric]![s * total + i]!;
    const feasible = points.filter((i) =>
      isFeasible(problem.guardrails, (metric) => value(metric, i), bounds),
    );
    const outcomes = feasible.map((i): Outcome =>
      objectives.map(({ metric, sign }) => sign * value(metric, i)),
    );
    const front = nonDominated(outcomes);
    for (const k of front) if (isAbove(outcomes[k]!, referencePoint)) needed.add(feasible[k]!);
    if (front.length === 0) return undefined;
    return decomposeNonDominated(
      front.map((k) => outcomes[k]!),
      referencePoint,
    );
  });
  const kept = points.filter((i) => needed.has(i));
  const improvement = sampledHypervolumeImprovement({
    objectives,
    guardrails,
    regions,
    logFirstFeasible: objectives.reduce((sum, { metric }) => sum + Math.log(priorStddev(problem, metric)), 0),
  });
  return {
    feasibleShare: regions.filter((region) => region !== undefined).length / samples,
    baselineSize: kept.length,
    criterion: criterionGivenSamples(problem, drawn, kept, improvement),
  };
}
