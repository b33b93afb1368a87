/**
 * Bins of equal width, fixed before any row is looked at.
 *
 * bin(u) = min(max(⌊(u − lowest) · scale⌋, 0), count − 1)
 *
 * Every step of it, rounded or not, never falls as u rises, which is all that bounds rest on: utilities that tie share a bin, and
 * those beyond the ends fall in the last one at that end.
 */
export interface UtilityBins {
  readonly lowest: number;
  /** Bins a unit of utility, above 0. */
  readonly scale: number;
  readonly count: number;
}

/** The values that a column takes. */
export interface ColumnRange {
  readonly least: number;
  readonly most: number;
}

/**
 * Bins over all that u = Σ_j c_j x_j can be where each x_j stays in its range.
 *
 * `coefficients` and `ranges` one a column. Where u can only be one number, any width does, as all rows tie.
 */
export function utilityBins(
  coefficients: readonly number[],
  ranges: readonly ColumnRange[],
  count: number,
): UtilityBins {
  let lowest = 0;
  let highest = 0;
  coefficients.forEach((c, j) => {
    const ends = [c * ranges[j]!.least, c * ranges[j]!.most];
    lowest += Math.min(...ends);
    highest += Math.max(...ends);
  });
  const scale = count / (highest - lowest);
  return { lowest, scale: Number.isFinite(scale) ? scale : 1, count };
}
