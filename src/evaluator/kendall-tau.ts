/** What `kendallTau` writes to; for rankings of up to as many rows as it was made for. */
export interface KendallScratch {
  readonly order: Uint32Array;
  readonly values: Float64Array;
  readonly merged: Float64Array;
}

export function kendallScratch(rows: number): KendallScratch {
  return {
    order: new Uint32Array(rows),
    values: new Float64Array(rows),
    merged: new Float64Array(rows),
  };
}

/**
 * Kendall's τ-b of two scores of the same rows, in O(n log n).
 *
 * (C − D)/√((n₀ − n₁)(n₀ − n₂)), C and D the concordant and discordant pairs, n₀ all pairs, n₁ and n₂ those tied in a and b
 *
 * `a`, `b` n finite. Undefined where a or b is constant, as with fewer than two rows.
 *
 * Source: Kendall 1945, Biometrika 33:239–251; Knight 1966, JASA 61:436–439.
 */
export function kendallTau(a: Float64Array, b: Float64Array, scratch: KendallScratch): number | undefined {
  const n = a.length;
  const order = scratch.order.subarray(0, n);
  for (let i = 0; i < n; i++) order[i] = i;
  order.sort((i, j) => a[i]! - a[j]! || b[i]! - b[j]!);
  let tiedInA = 0;
  let tiedInBoth = 0;
  for (let from = 0, to = 0; from < n; from = to) {
    while (to < n && a[order[to]!] === a[order[from]!]) to++;
    tiedInA += pairs(to - from);
    for (let start = from, end = from; start < to; start = end) {
      while (end < to && b[order[end]!] === b[order[start]!]) end++;
      tiedInBoth += pairs(end - start);
    }
  }
  const values = scratch.values.subarray(0, n);
  for (let i = 0; i < n; i++) values[i] = b[order[i]!]!;
  const discordant = sortCountingInversions(values, scratch.merged);
  let tiedInB = 0;
  for (let from = 0, to = 0; from < n; from = to) {
    while (to < n && values[to] === values[from]) to++;
    tiedInB += pairs(to - from);
  }
  const all = pairs(n);
  if (tiedInA === all || tiedInB === all) return undefined;
  const difference = all - tiedInA - tiedInB + tiedInBoth - 2 * discordant;
  return difference / Math.sqrt((all - tiedInA) * (all - tiedInB));
}

function pairs(n: number): number {
  return (n * (n - 1)) / 2;
}

/** Sorts upwards by merging; returns how many pairs stood the other way round. */
function sortCountingInversions(values: Float64Array, merged: Float64Array): number {
  const n = values.length;
  let inversions = 0;
  for (let width = 1; width < n; width *= 2) {
    for (let left = 0; left + width < n; left += 2 * width) {
      const middle = left + width;
      const right = Math.min(middle + width, n);
      let i = left;
      let j = middle;
      for (let place = left; place < right; place++) {
        if (j === right || (i < middle && values[i]! <= values[j]!)) merged[place] = values[i++]!;
        else {
          merged[place] = values[j++]!;
          inversions += middle - i;
        }
      }
      values.set(merged.subarray(left, right), left);
    }
  }
  return inversions;
}
