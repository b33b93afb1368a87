/** Rows whose probability lies in (from, to], the first bin with its lower end; means by row weight, null where they weigh nothing. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Share of the weight of all rows that have a label. */
  readonly share: number;
  readonly meanProbability: number | null;
  readonly observedRate: number | null;
  /** Of the observed rate if the probabilities are right and rows independent: √(Σ w² p(1 − p)) / Σ w. */
  readonly standardError: number | null;
}

/** Probabilities against labels by M bins of equal width, ((b − 1)/M, b/M], as `calibration_curve` of scikit-learn has them. */
export function uniformReliability(
  probability: Float64Array,
  label: Int8Array,
  bins: number,
  weight?: Float64Array,
): readonly ReliabilityBin[] {
  const ends = Float64Array.from({ length: bins }, (_, b) => (b + 1) / bins);
  return reliabilityBy(probability, probability, label, ends, weight);
}

/**
 * `probability` against labels by bins of `key`, which end at `ends`, in order; the last end is at least the largest key.
 *
 * `probability`, `key` n; `label` n in {0, 1}, negative where missing; `weight` n ≥ 0, 1 by default.
 */
export function reliabilityBy(
  probability: Float64Array,
  key: Float64Array,
  label: Int8Array,
  ends: Float64Array,
  weight?: Float64Array,
): readonly ReliabilityBin[] {
  const rows = new Float64Array(ends.length);
  const weights = new Float64Array(ends.length);
  const probabilities = new Float64Array(ends.length);
  const positives = new Float64Array(ends.length);
  const variances = new Float64Array(ends.length);
  let total = 0;
  for (let i = 0; i < label.length; i++) {
    const y = label[i]!;
    if (y < 0) continue;
    let bin = 0;
    while (key[i]! > ends[bin]!) bin++;
    const p = probability[i]!;
    const w = weight === undefined ? 1 : weight[i]!;
    rows[bin]!++;
    weights[bin]! += w;
    probabilities[bin]! += w * p;
    positives[bin]! += w * y;
    variances[bin]! += w * w * p * (1 - p);
    total += w;
  }
  return Array.from(ends, (to, b) => {
    const over = (sum: number): number | null => (weights[b]! > 0 ? sum / weights[b]! : null);
    return {
      from: b === 0 ? 0 : ends[b - 1]!,
      to,
      rows: rows[b]!,
      share: total > 0 ? weights[b]! / total : 0,
      meanProbability: over(probabilities[b]!),
      observedRate: over(positives[b]!),
      standardError: over(Math.sqrt(variances[b]!)),
    };
  });
}

/** Σ_b share_b |mean probability_b − observed rate_b|, which is `ece` of the metrics for these bins. */
export function calibrationErrorOf(bins: readonly ReliabilityBin[]): number {
  return bins.reduce(
    (sum, { share, meanProbability, observedRate }) =>
      sum + share * Math.abs((meanProbability ?? 0) - (observedRate ?? 0)),
    0,
  );
}

/**
 * Where M bins of equal weight end: at the least key up to which the rows that have a label weigh at least b/M of all, as
 * `quantileCalibrationError` has them. Ends that coincide are one, so there may be fewer than M.
 */
export function quantileEnds(
  key: Float64Array,
  label: Int8Array,
  bins: number,
  weight?: Float64Array,
): Float64Array {
  const labelled = rowsWithLabel(label);
  if (labelled.length === 0) return new Float64Array(0);
  // Keys alone sort many times faster than rows by their keys, which only weights need.
  const order = weight === undefined ? undefined : labelled.sort((a, b) => key[a]! - key[b]!);
  const sorted = Float64Array.from(order ?? labelled, (row) => key[row]!);
  if (order === undefined) sorted.sort();
  let total = sorted.length;
  if (weight !== undefined) total = labelled.reduce((sum, row) => sum + weight[row]!, 0);
  const ends: number[] = [];
  let below = 0;
  let bin = 1;
  for (let i = 0; i < sorted.length; i++) {
    below += order === undefined ? 1 : weight![order[i]!]!;
    if (i + 1 < sorted.length && sorted[i + 1] === sorted[i]) continue;
    if (below * bins < bin * total && i + 1 < sorted.length) continue;
    ends.push(sorted[i]!);
    while (below * bins >= bin * total && bin <= bins) bin++;
  }
  return Float64Array.from(ends);
}

function rowsWithLabel(label: Int8Array): Int32Array {
  let count = 0;
  for (let i = 0; i < label.length; i++) if (label[i]! >= 0) count++;
  const rows = new Int32Array(count);
  let next = 0;
  for (let i = 0; i < label.length; i++) if (label[i]! >= 0) rows[next++] = i;
  return rows;
}
