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
  return { mean: centre, stddev: isConstant(y) ? Math.max(1, roundingOf(y)) : sampleStddev(y) };
}

/** Whether outputs, one or more, differ by rounding only. */
export function isConstant(y: Float64Array): boolean {
  return y.length === 1 || !(sampleStddev(y) > roundingOf(y));
}

function roundingOf(y: Float64Array): number {
  return CONSTANT_TOLERANCE * y.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

/** (y − mean)/stddev. */
export function standardize(y: Float64Array, { mean, stddev }: Standardization): Float64Array {
  return y.map((value) => (value - mean) / stddev);
}
