import { mean, sampleStddev } from '../math/statistics.ts';
import type { NoiseModel } from './training-data.ts';

/** The affine map between raw outputs and those of mean 0 and variance 1. */
export interface Standardization {
  readonly mean: number;
  readonly stddev: number;
}

/** Values that differ by less than this fraction of their size differ by rounding only, so they are constant. */
export const CONSTANT_TOLERANCE = 8 * Number.EPSILON;

/** Sizes whose squares, and 10⁸ times more or less, are numbers of full precision. */
const SQUARABLE = [1e-145, 1e145] as const;

/**
 * Mean and sample standard deviation (n − 1) of the outputs.
 *
 * One output or a constant has no deviation; its unit is then the root mean square of the known standard errors above 0,
 * else the constant's own size, else 1, each where its square is representable; or the rounding of the constant where that is more. So a metric in another unit has
 * the same standardised outputs and noise.
 *
 * `y` length n, raw output units, with its `noise`. Throws RangeError when it is empty.
 */
export function standardization(y: Float64Array, noise: NoiseModel = { kind: 'none' }): Standardization {
  const centre = mean(y);
  if (!isConstant(y)) return { mean: centre, stddev: sampleStddev(y) };
  const unit = [rootMeanSquareError(noise), Math.abs(centre)].find(hasVariance) ?? 1;
  return { mean: centre, stddev: Math.max(unit, roundingOf(y)) };
}

/** Whether the square of a size is a number of full precision, as a variance in raw units has to be. */
function hasVariance(size: number): boolean {
  return size > SQUARABLE[0] && size < SQUARABLE[1];
}

/** 0 where no standard error above 0 is known. */
function rootMeanSquareError(noise: NoiseModel): number {
  if (noise.kind !== 'known') return 0;
  const known = noise.variance.filter((variance) => variance > 0);
  return known.length === 0 ? 0 : Math.sqrt(mean(known));
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
