/** Grades are small integers in an `Int8Array`. */
export const GAIN_LEVELS = 128;

/** The gain of each grade, 0 … 127. */
export type Gains = Float64Array;

/**
 * The gain of a grade g: g itself (linear: Järvelin and Kekäläinen 2002) or 2^g − 1 (exponential: Burges et al. 2005).
 * For labels of 0 and 1 they are the same.
 */
export function gainsOf(kind: 'linear' | 'exponential'): Gains {
  return Float64Array.from({ length: GAIN_LEVELS }, (_, grade) =>
    kind === 'linear' ? grade : 2 ** grade - 1,
  );
}
