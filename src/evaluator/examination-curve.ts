/** E_m = Σ_{i=1..m} P(examined | place i), m = 0 … the longest request. */
export type CumulativeExamination = Float64Array;

/** Every place is examined: E_m = m. */
export function everyPlace(longest: number): CumulativeExamination {
  return Float64Array.from({ length: longest + 1 }, (_, m) => m);
}

/** The discount of DCG as a probability: E_m = D_m = Σ_{i=1..m} 1 / log₂(i + 1). */
export function cumulativeDiscounts(longest: number): CumulativeExamination {
  const sums = new Float64Array(longest + 1);
  for (let i = 1; i <= longest; i++) sums[i] = sums[i - 1]! + 1 / Math.log2(i + 1);
  return sums;
}

/** A curve that was measured, from place 1; what lies beyond its end is not examined. */
export function cumulativeCurve(curve: readonly number[], longest: number): CumulativeExamination {
  const sums = new Float64Array(longest + 1);
  for (let i = 1; i <= longest; i++) sums[i] = sums[i - 1]! + (curve[i - 1] ?? 0);
  return sums;
}
