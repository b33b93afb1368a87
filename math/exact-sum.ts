/** More partial sums than there can be: their bits do not overlap, and all doubles span 2,098 bits. */
const MOST_PARTIALS = 64;

/** 2²⁷ + 1: splits a double into two halves of 26 bits. */
const SPLITTER = 134_217_729;

/** A sum without rounding error, as doubles whose bits do not overlap, in increasing size. */
export interface ExactSum {
  readonly partials: Float64Array;
  count: number;
}

export function createExactSum(): ExactSum {
  return { partials: new Float64Array(MOST_PARTIALS), count: 0 };
}

export function clearExactSum(sum: ExactSum): void {
  sum.count = 0;
}

/**
 * Adds a finite number, without error.
 *
 * Source: Shewchuk 1997, Discrete & Computational Geometry 18:305–363, Grow-Expansion; as Python's `math.fsum`.
 */
export function addExactly(sum: ExactSum, value: number): void {
  const { partials } = sum;
  let x = value;
  let kept = 0;
  for (let i = 0; i < sum.count; i++) {
    let y = partials[i]!;
    if (Math.abs(x) < Math.abs(y)) {
      const swapped = x;
      x = y;
      y = swapped;
    }
    const high = x + y;
    const low = y - (high - x);
    if (low !== 0) partials[kept++] = low;
    x = high;
  }
  if (x !== 0) partials[kept++] = x;
  sum.count = kept;
}

/**
 * Adds a·b, without error where |a|, |b| ≤ 1e150 and the product's last bit is no smaller than the least double (2⁻¹⁰⁷⁴).
 *
 * a·b = p + e, p = fl(a·b), e from the halves of both. Source: Dekker 1971, Numerische Mathematik 18:224–242.
 */
export function addProductExactly(sum: ExactSum, a: number, b: number): void {
  const product = a * b;
  const aHigh = SPLITTER * a - (SPLITTER * a - a);
  const bHigh = SPLITTER * b - (SPLITTER * b - b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  const error = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  addExactly(sum, product);
  if (error !== 0) addExactly(sum, error);
}

/** The double that is nearest to the sum, to even where two are: the same whatever the order of the additions was. */
export function roundedSum({ partials, count }: ExactSum): number {
  if (count === 0) return 0;
  let i = count - 1;
  let high = partials[i]!;
  let low = 0;
  while (i > 0) {
    const x = high;
    const y = partials[--i]!;
    high = x + y;
    low = y - (high - x);
    if (low !== 0) break;
  }
  // What is left decides where the low part is exactly half a unit in the last place.
  if (i > 0 && low !== 0 && Math.sign(low) === Math.sign(partials[i - 1]!)) {
    const y = 2 * low;
    const x = high + y;
    if (y === x - high) high = x;
  }
  return high;
}
