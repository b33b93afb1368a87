import type { ObservedTrial } from './training-data.ts';

/** Of the weights' spread: far less than the distance of space-filling trials, far more than that of trials at one optimum. */
const NEIGHBOURHOOD = 0.05;

/**
 * How much each trial counts where a neighbourhood is to count once, however many trials a search has gathered in it.
 *
 * share_i = 1/#{j: ‖x_i − x_j‖ ≤ 0.05}, itself among them, x the weights divided by how far the trials spread in each: ranges
 * may reach far beyond what a sum or constraints leave of them. O(n²d).
 */
export function uncrowdedShares(observed: readonly ObservedTrial[]): Float64Array {
  const columns = Object.keys(observed[0]?.weights ?? {}).map((name) => {
    const values = observed.map(({ weights }) => weights[name]!);
    const spread = Math.max(...values) - Math.min(...values);
    return values.map((value) => (spread > 0 ? value / spread : 0));
  });
  const points = observed.map((_, i) => Float64Array.from(columns, (column) => column[i]!));
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
