/**
 * What is known of the observation noise: nothing is (`none`), one unknown variance (`inferred`), or a variance per
 * observation in raw output units² (`known`), where NaN marks an observation without one: those share one inferred
 * variance.
 */
export type NoiseModel =
  | { readonly kind: 'none' }
  | { readonly kind: 'inferred' }
  | { readonly kind: 'known'; readonly variance: Float64Array };

/** n observations: `X` n×d row-major in the unit cube, `y` length n in raw output units. */
export interface TrainingData {
  readonly dimension: number;
  readonly X: Float64Array;
  readonly y: Float64Array;
  readonly noise: NoiseModel;
}

/** Throws RangeError when shapes disagree, a number is not finite, or a variance is negative. */
export function checkTrainingData({ dimension, X, y, noise }: TrainingData): void {
  const n = y.length;
  if (!(Number.isInteger(dimension) && dimension >= 1)) throw new RangeError(`dimension ${dimension}`);
  if (n === 0) throw new RangeError('a Gaussian process needs at least one observation, got 0');
  if (X.length !== n * dimension) {
    throw new RangeError(`expected X to be ${n}×${dimension} = ${n * dimension} numbers, got ${X.length}`);
  }
  for (const value of X) if (!Number.isFinite(value)) throw new RangeError(`input ${value}`);
  for (const value of y) if (!Number.isFinite(value)) throw new RangeError(`output ${value}`);
  if (noise.kind !== 'known') return;
  if (noise.variance.length !== n) {
    throw new RangeError(`expected ${n} noise variances, got ${noise.variance.length}`);
  }
  for (const variance of noise.variance) {
    if (variance < 0 || variance === Infinity) throw new RangeError(`noise variance ${variance}`);
  }
}
