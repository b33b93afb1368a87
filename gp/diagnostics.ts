import { logNormalPdf } from '../math/normal.ts';
import { mean } from '../math/statistics.ts';
import type { LeaveOneOut } from './cross-validation.ts';

/** How well a model foretells each observation from the others. */
export interface Diagnostics {
  /** 1 − Σ(y − ŷ)²/Σ(y − ȳ)²; 0 for guessing the mean, undefined where the outputs are constant. */
  readonly rSquared: number | undefined;
  /** Spearman's correlation of outputs and predictions; undefined where either is constant. */
  readonly rankCorrelation: number | undefined;
  /** How many of the outputs, and which share of them, lie inside their central interval of each level. */
  readonly coverage: readonly { readonly level: number; readonly inside: number; readonly share: number }[];
  /** Mean of log N(y_i | ŷ_i, variance_i), in 1/raw output units. */
  readonly meanLogPredictiveDensity: number;
}

/** Half-widths of the central intervals of a standard normal: Φ⁻¹((1 + level)/2). */
const CENTRAL_INTERVALS = [
  { level: 0.5, halfWidth: 0.6744897501960817 },
  { level: 0.9, halfWidth: 1.6448536269514722 },
  { level: 0.95, halfWidth: 1.959963984540054 },
] as const;

/**
 * Diagnostics of leave-one-out predictions.
 *
 * `observed` and both arrays of `predicted` length n, raw output units; the variances include the observations' noise, as
 * those of `leaveOneOut` do.
 * Throws RangeError when lengths disagree, there are no observations, or a variance is not positive.
 */
export function diagnose(observed: Float64Array, predicted: LeaveOneOut): Diagnostics {
  const { mean: means, variance } = predicted;
  const n = observed.length;
  if (n === 0 || means.length !== n || variance.length !== n) {
    throw new RangeError(`${n} observations, ${means.length} means, ${variance.length} variances`);
  }
  const inside = CENTRAL_INTERVALS.map(() => 0);
  let logDensity = 0;
  for (let i = 0; i < n; i++) {
    if (!(variance[i]! > 0)) throw new RangeError(`the variance of observation ${i} is ${variance[i]}`);
    const stddev = Math.sqrt(variance[i]!);
    const error = (observed[i]! - means[i]!) / stddev;
    logDensity += logNormalPdf(error) - Math.log(stddev);
    CENTRAL_INTERVALS.forEach(({ halfWidth }, k) => {
      if (Math.abs(error) <= halfWidth) inside[k]!++;
    });
  }
  return {
    rSquared: rSquared(observed, means),
    rankCorrelation: rankCorrelation(observed, means),
    coverage: CENTRAL_INTERVALS.map(({ level }, k) => ({ level, inside: inside[k]!, share: inside[k]! / n })),
    meanLogPredictiveDensity: logDensity / n,
  };
}

/**
 * How much each input matters, as shares of the inverse lengthscales, (1/ℓ_k)/Σ_j (1/ℓ_j).
 *
 * Comparable because inputs lie in the unit cube; it says how fast the function can change along an input, not how much of
 * the outputs' variance it explains (a first-order index).
 */
export function inputImportances(lengthscales: readonly number[]): readonly number[] {
  const total = lengthscales.reduce((sum, lengthscale) => sum + 1 / lengthscale, 0);
  return lengthscales.map((lengthscale) => 1 / lengthscale / total);
}

/**
 * Spearman's rank correlation: Pearson's of the ranks, tied values sharing their average rank.
 *
 * `a` and `b` of one length; undefined where either is constant.
 */
export function rankCorrelation(a: Float64Array, b: Float64Array): number | undefined {
  const p = averageRanks(a);
  const q = averageRanks(b);
  const centre = (a.length + 1) / 2;
  let pp = 0;
  let qq = 0;
  let pq = 0;
  for (let i = 0; i < p.length; i++) {
    pp += (p[i]! - centre) ** 2;
    qq += (q[i]! - centre) ** 2;
    pq += (p[i]! - centre) * (q[i]! - centre);
  }
  return pp > 0 && qq > 0 ? pq / Math.sqrt(pp * qq) : undefined;
}

function rSquared(observed: Float64Array, predicted: Float64Array): number | undefined {
  const centre = mean(observed);
  let residual = 0;
  let total = 0;
  for (let i = 0; i < observed.length; i++) {
    residual += (observed[i]! - predicted[i]!) ** 2;
    total += (observed[i]! - centre) ** 2;
  }
  return total > 0 ? 1 - residual / total : undefined;
}

/** Ranks from 1, tied values with the average of theirs. */
function averageRanks(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((i, j) => values[i]! - values[j]!);
  const ranks = new Float64Array(values.length);
  for (let first = 0; first < order.length;) {
    let next = first + 1;
    while (next < order.length && values[order[next]!] === values[order[first]!]) next++;
    for (let k = first; k < next; k++) ranks[order[k]!] = (first + 1 + next) / 2;
    first = next;
  }
  return ranks;
}
