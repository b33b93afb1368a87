import { NOISELESS_VARIANCE } from '../../gp/noise.ts';
import { likeliestRows, MOST_POINTS, varianceBounds } from '../baseline-points.ts';
import { signOf } from '../feasibility.ts';
import { fittedMetrics, isFeasible } from '../noisy-problem.ts';
import { decomposeNonDominated } from './box-decomposition.ts';
import { nonDominated } from './dominance.ts';
import type { ParetoProblem } from './pareto-problem.ts';
import { sampledHypervolumeImprovement } from './sampled-hypervolume-improvement.ts';

/**
 * The observed points that may turn out non-dominated, likeliest first, each location once; the reference before them.
 *
 * Ranked by the log expected hypervolume improvement over the feasible front of the posterior means, times P(feasible),
 * with the noise as an upper bound of the variance: what a point's own observation leaves of it. A point on that front
 * comes before one that its noise would have to lift there.
 *
 * Returns rows of `observed`, at most 64 and the reference; more where all observations are exact, and need no factor, and
 * the front has more.
 */
export function baselineFrontPoints(problem: ParetoProblem): readonly number[] {
  const { processes, objectives, guardrails, reference, referencePoint } = problem;
  const means = fittedMetrics(problem);
  const rows = Array.from(means[0]!.keys());
  const bounds = guardrails.map(
    ({ metric, factor, offset }) => offset + (factor === 0 ? 0 : factor * means[metric]![reference!]!),
  );
  const front = rows
    .filter((i) => isFeasible(guardrails, (metric) => means[metric]![i]!, bounds))
    .map((i) => objectives.map(({ metric, sign }) => sign * means[metric]![i]!));
  const improvement = sampledHypervolumeImprovement({
    objectives,
    guardrails: guardrails.map(({ metric, relation }, k) => ({
      metric,
      sign: signOf(relation),
      bounds: Float64Array.of(bounds[k]!),
    })),
    regions: [front.length === 0 ? undefined : decomposeNonDominated(front, referencePoint)],
    logFirstFeasible: 0,
  });
  const unused = means.map(() => ({ means: new Float64Array(1), variance: 0 }));
  const scores = rows.map((i) => {
    const variances = varianceBounds(problem, i);
    return improvement(
      means.map((values, m) => ({ means: values.subarray(i, i + 1), variance: variances[m]! })),
      unused,
    );
  });
  const exact = processes.every(({ noise }) => noise.every((variance) => variance <= NOISELESS_VARIANCE));
  const most = exact ? Math.max(MOST_POINTS, nonDominated(front).length) : MOST_POINTS;
  return likeliestRows(problem, scores, most);
}
