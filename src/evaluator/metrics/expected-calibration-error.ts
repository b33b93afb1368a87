import type { Ranking } from '../ranking.ts';

/**
 * Expected calibration error: how far, bin by bin, the mean probability is from the share of positives.
 *
 * ECE = Σ_b |Σ_{i ∈ b} w_i (p_i − y_i)| / Σ_i w_i over the rows that have a label
 *
 * M uniform bins, ((b − 1)/M, b/M], the first with its lower end.
 *
 * `probability` n in [0, 1]; `label` n in {0, 1}, negative where missing; `weight` n ≥ 0, 1 by default. Undefined when no row
 * with a label weighs anything.
 *
 * Source: Guo et al. 2017, arXiv:1706.04599, with p the probability of the positive class, as scikit-learn's
 * `calibration_curve` bins it.
 */
export function uniformCalibrationError(
  probability: Float64Array,
  label: Int8Array,
  bins: number,
  weight?: Float64Array,
): number | undefined {
  const gaps = new Float64Array(bins);
  let total = 0;
  for (let i = 0; i < label.length; i++) {
    const y = label[i]!;
    if (y < 0) continue;
    const p = probability[i]!;
    const w = weight === undefined ? 1 : weight[i]!;
    gaps[uniformBin(p, bins)]! += w * (p - y);
    total += w;
  }
  return total === 0 ? undefined : gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total;
}

/** The b, from 0, with b/M < p ≤ (b + 1)/M. */
function uniformBin(p: number, bins: number): number {
  let bin = Math.min(Math.max(Math.ceil(p * bins) - 1, 0), bins - 1);
  if (bin > 0 && p <= bin / bins) bin--;
  else if (bin < bins - 1 && p > (bin + 1) / bins) bin++;
  return bin;
}

/**
 * The same with M bins of equal weight.
 *
 * Bin b ends at the least probability up to which the rows weigh at least b/M of all; rows of one probability share a bin.
 *
 * `ranking` pooled, by `probability`. Where scikit-learn's `calibration_curve(strategy='quantile')` interpolates between two
 * rows, an end here is the probability of a row.
 */
export function quantileCalibrationError(
  { order, tied }: Ranking,
  probability: Float64Array,
  label: Int8Array,
  bins: number,
  weight?: Float64Array,
): number | undefined {
  let total = 0;
  for (let i = 0; i < label.length; i++) {
    if (label[i]! >= 0) total += weight === undefined ? 1 : weight[i]!;
  }
  if (total === 0) return undefined;
  let sum = 0;
  let gap = 0;
  let below = 0;
  let bin = 1;
  for (let i = order.length - 1; i >= 0;) {
    let last: boolean;
    do {
      const row = order[i]!;
      last = tied[i] === 0;
      i--;
      const y = label[row]!;
      if (y < 0) continue;
      const w = weight === undefined ? 1 : weight[row]!;
      gap += w * (probability[row]! - y);
      below += w;
    } while (!last);
    if (below * bins < bin * total) continue;
    sum += Math.abs(gap);
    gap = 0;
    while (below * bins >= bin * total) bin++;
  }
  return (sum + Math.abs(gap)) / total;
}
