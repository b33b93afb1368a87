import { logHAndSlope } from '../../math/normal-slopes.ts';
import type { BoxDecomposition } from './box-decomposition.ts';

/** A box whose log lies further below the greatest has less than a rounding of the sum, e⁻⁴⁰ = 4e-18. */
const NEGLIGIBLE = 40;

/** A normal outcome of m independent objectives, the slopes of the last value in it, and scratch. */
export interface VolumeMoments {
  /** m each, all as "maximise". */
  readonly means: Float64Array;
  readonly stddevs: Float64Array;
  /** ∂/∂mean and ∂/∂log stddev, m each. */
  readonly meanSlopes: Float64Array;
  readonly stddevSlopes: Float64Array;
  /** m×`width`: at each level log E[(f − level)+], and its slopes. */
  readonly width: number;
  readonly logs: Float64Array;
  readonly inMean: Float64Array;
  readonly inStddev: Float64Array;
  /** One a box. */
  readonly boxLogs: Float64Array;
}

/** Room for any of these regions. */
export function volumeMoments(regions: readonly BoxDecomposition[], objectives: number): VolumeMoments {
  const width = Math.max(0, ...regions.flatMap(({ levels }) => levels.map(({ length }) => length)));
  const perObjective = (): Float64Array => new Float64Array(objectives);
  const perLevel = (): Float64Array => new Float64Array(objectives * width);
  return {
    means: perObjective(),
    stddevs: perObjective(),
    meanSlopes: perObjective(),
    stddevSlopes: perObjective(),
    width,
    logs: perLevel(),
    inMean: perLevel(),
    inStddev: perLevel(),
    boxLogs: new Float64Array(Math.max(0, ...regions.map(({ size }) => size))),
  };
}

/**
 * The log of the volume that a normal outcome f of independent objectives is expected to add to a front.
 *
 * log Σ_b Π_i (G_i(l_bi) − G_i(u_bi)), G_i(c) = E[(f_i − c)+] = stddev_i h((mean_i − c)/stddev_i)
 *
 * over the boxes [l, u] of the region above the reference that the front does not dominate: the factor is the expected
 * length of what f dominates between l and u. With log G at each level and Π(1 − G(u)/G(l)) a box, nothing underflows.
 * Writes the slopes into `at`, without allocating.
 *
 * Source: Yang et al. 2019, Efficient computation of expected hypervolume improvement (boxes); in log space as Ament et
 * al. 2023, arXiv:2310.20708.
 */
export function logExpectedVolume(
  { size, levels, lower, upper }: BoxDecomposition,
  at: VolumeMoments,
): number {
  const { width, logs, inMean, inStddev, boxLogs, meanSlopes, stddevSlopes } = at;
  const m = levels.length;
  atLevels(levels, at);
  let most = -Infinity;
  for (let b = 0, box = 0; b < size; b++, box += m) {
    let log = 0;
    for (let i = 0; i < m; i++) log += logs[i * width + lower[box + i]!]!;
    if (log >= most - NEGLIGIBLE) {
      let share = 1;
      for (let i = 0; i < m; i++) {
        const top = i * width + upper[box + i]!;
        share *= -Math.expm1(logs[top]! - logs[i * width + lower[box + i]!]!);
      }
      log += Math.log(share);
    }
    boxLogs[b] = log;
    if (log > most) most = log;
  }

  meanSlopes.fill(0);
  stddevSlopes.fill(0);
  let total = 0;
  for (let b = 0, box = 0; b < size; b++, box += m) {
    if (boxLogs[b]! < most - NEGLIGIBLE) continue;
    const weight = Math.exp(boxLogs[b]! - most);
    total += weight;
    for (let i = 0; i < m; i++) {
      const from = i * width + lower[box + i]!;
      const top = i * width + upper[box + i]!;
      const gap = logs[top]! - logs[from]!;
      const ratio = Math.exp(gap);
      const scale = -weight / Math.expm1(gap);
      meanSlopes[i]! += scale * (inMean[from]! - ratio * inMean[top]!);
      stddevSlopes[i]! += scale * (inStddev[from]! - ratio * inStddev[top]!);
    }
  }
  for (let i = 0; i < m; i++) {
    meanSlopes[i]! /= total;
    stddevSlopes[i]! /= total;
  }
  return most + Math.log(total);
}

const SLOPE = new Float64Array(1);

/** log G and its slopes at every level, and at Infinity, where G is 0. */
function atLevels(
  levels: BoxDecomposition['levels'],
  { means, stddevs, width, logs, inMean, inStddev }: VolumeMoments,
): void {
  for (let i = 0; i < levels.length; i++) {
    const values = levels[i]!;
    const stddev = stddevs[i]!;
    const logStddev = Math.log(stddev);
    const last = values.length - 1;
    for (let j = 0, k = i * width; j < last; j++, k++) {
      const u = (means[i]! - values[j]!) / stddev;
      logs[k] = logHAndSlope(u, SLOPE) + logStddev;
      inMean[k] = SLOPE[0]! / stddev;
      inStddev[k] = 1 - u * SLOPE[0]!;
    }
    logs[i * width + last] = -Infinity;
    inMean[i * width + last] = 0;
    inStddev[i * width + last] = 0;
  }
}
