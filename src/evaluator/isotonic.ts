/** A monotone step-and-line function of the score: knots with rising scores, values that never fall between them. */
export interface IsotonicFit {
  readonly score: Float64Array;
  readonly probability: Float64Array;
}

/**
 * The monotone function of the score that is nearest to the labels: isotonic regression by pooling adjacent violators.
 *
 * min Σ w_i (y_i − f(s_i))² over non-decreasing f; rows of one score are one point, a pooled block the weighted mean of its
 * labels. Knots are the ends of the blocks.
 *
 * `score` n; `label` n in {0, 1}, negative where the row does not count: no label, or not of the part to fit on; `weight` n ≥ 0,
 * 1 by default. Undefined when no row that counts weighs anything.
 *
 * Source: Barlow et al. 1972, Statistical Inference under Order Restrictions; scikit-learn's `IsotonicRegression`.
 */
export function fitIsotonic(
  score: Float64Array,
  label: Int8Array,
  weight?: Float64Array,
): IsotonicFit | undefined {
  const counts = (i: number): boolean => label[i]! >= 0 && (weight === undefined || weight[i]! > 0);
  const distinct = distinctScores(score, counts);
  if (distinct.length === 0) return undefined;
  const total = new Float64Array(distinct.length);
  const positive = new Float64Array(distinct.length);
  for (let i = 0; i < score.length; i++) {
    if (!counts(i)) continue;
    const point = lastAtMost(distinct, score[i]!);
    const w = weight === undefined ? 1 : weight[i]!;
    total[point]! += w;
    positive[point]! += w * label[i]!;
  }
  return knotsOf(distinct, poolViolators(total, positive), total, positive);
}

/**
 * Writes the fitted probability over each score, in place: on a line between knots, constant beyond them, as scikit-learn's
 * `predict` with `out_of_bounds='clip'`.
 */
export function applyIsotonic(fit: IsotonicFit, score: Float64Array): void {
  const { score: knots, probability } = fit;
  const last = knots.length - 1;
  for (let i = 0; i < score.length; i++) {
    const s = score[i]!;
    const k = lastAtMost(knots, s);
    if (k < 0) score[i] = probability[0]!;
    else if (k === last || s === knots[k]) score[i] = probability[k]!;
    else {
      const share = (s - knots[k]!) / (knots[k + 1]! - knots[k]!);
      score[i] = probability[k]! + share * (probability[k + 1]! - probability[k]!);
    }
  }
}

function distinctScores(score: Float64Array, counts: (i: number) => boolean): Float64Array {
  let rows = 0;
  for (let i = 0; i < score.length; i++) if (counts(i)) rows++;
  const sorted = new Float64Array(rows);
  let next = 0;
  for (let i = 0; i < score.length; i++) if (counts(i)) sorted[next++] = score[i]!;
  sorted.sort();
  let distinct = 0;
  for (let i = 0; i < rows; i++) {
    if (i === 0 || sorted[i] !== sorted[distinct - 1]) sorted[distinct++] = sorted[i]!;
  }
  return sorted.subarray(0, distinct);
}

/** The last place of a rising sequence whose value is at most x; −1 before the first. */
function lastAtMost(values: Float64Array, x: number): number {
  let low = -1;
  let high = values.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= x) low = middle;
    else high = middle;
  }
  return low;
}

/** Where each block starts. Blocks are merged into `total` and `positive` at their starts. */
function poolViolators(total: Float64Array, positive: Float64Array): readonly number[] {
  const starts: number[] = [];
  for (let point = 0; point < total.length; point++) {
    starts.push(point);
    while (starts.length > 1) {
      const here = starts.at(-1)!;
      const before = starts.at(-2)!;
      // Means by cross products: equal blocks are one.
      if (positive[before]! * total[here]! < positive[here]! * total[before]!) break;
      total[before]! += total[here]!;
      positive[before]! += positive[here]!;
      starts.pop();
    }
  }
  return starts;
}

function knotsOf(
  distinct: Float64Array,
  starts: readonly number[],
  total: Float64Array,
  positive: Float64Array,
): IsotonicFit {
  const score: number[] = [];
  const probability: number[] = [];
  for (const [b, start] of starts.entries()) {
    const end = (starts[b + 1] ?? distinct.length) - 1;
    const value = Math.min(1, positive[start]! / total[start]!);
    for (const point of start === end ? [start] : [start, end]) {
      score.push(distinct[point]!);
      probability.push(value);
    }
  }
  return { score: Float64Array.from(score), probability: Float64Array.from(probability) };
}
