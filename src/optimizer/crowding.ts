import type { StudyDefinition } from '../domain/study.ts';
import type { ObservedTrial } from './training-data.ts';

/** In the unit cube: far less than the distance of space-filling trials, far more than that of trials at one optimum. */
const NEIGHBOURHOOD = 0.05;

/**
 * How much each trial counts where a neighbourhood is to count once, however many trials a search has gathered in it.
 *
 * share_i = 1/#{j: ‖x_i − x_j‖ ≤ 0.05}, x the weights divided by their ranges, itself among them. O(n²d).
 */
export function uncrowdedShares(
  { weights: ranges }: StudyDefinition,
  observed: readonly ObservedTrial[],
): Float64Array {
  const free = Object.entries(ranges).filter(([, { min, max }]) => max > min);
  const points = observed.map(({ weights }) =>
    Float64Array.from(free, ([name, { min, max }]) => weights[name]! / (max - min)),
  );
  const counts = new Float64Array(points.length).fill(1);
  for (let i = 0; i < points.length; i++) {
    for (let j = 0; j < i; j++) {
      if (!near(points[i]!, points[j]!)) continue;
      counts[i]!++;
      counts[j]!++;
    }
  }
  return counts.map((count) => 1 / count);
}

function near(a: Float64Array, b: Float64Array): boolean {
  let squared = 0;
  for (let k = 0; k < a.length; k++) squared += (a[k]! - b[k]!) ** 2;
  return squared <= NEIGHBOURHOOD ** 2;
}
