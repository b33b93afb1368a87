import { mean, sampleStddev } from '../math/statistics.ts';

/** The affine map between raw outputs and those of mean 0 and variance 1. */
export interface Standardization {
  readonly mean: number;
  readonly stddev: number;
}

/** Values that differ by less than this fraction of their size differ by rounding only, so they are constant. */
export const CONSTANT_TOLERANCE = 8 * Number.EPSILON;

/**
 * Mean and sample standard deviation (n − 1) of the outputs; stddev 1 for one output or a constant, or the rounding of a
 * constant where that is more.
 *
 * `y` length n, raw output units. Throws RangeError when it is empty.
 */
export function standardization(y: Float64Array): Standardization {
  const centre = mean(y);
  if (y.length === 1) return { mean: centre, stddev: 1 };
  const size = y.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const stddev = sampleStddev(y);
  const rounding = CONSTANT_TOLERANCE * size;
  return { mean: centre, stddev: stddev > rounding ? stddev : Math.max(1, rounding) };
}

/** (y − mean)/stddev. */
export function standardize(y: Float64Array, { mean, stddev }: Standardization): Float64Array {
  return y.map((value) => (value - mean) / stddev);
}
