import type { MeasuredSums } from '../../../src/domain/readout.ts';

/** Sufficient statistics of users with a covariate. */
export function sumsOf(y: readonly number[], x: readonly number[]): Required<MeasuredSums> {
  const total = (term: (i: number) => number): number => y.reduce((sum, _, i) => sum + term(i), 0);
  return {
    n: y.length,
    sum: total((i) => y[i]!),
    sumOfSquares: total((i) => y[i]! ** 2),
    covariate: {
      sum: total((i) => x[i]!),
      sumOfSquares: total((i) => x[i]! ** 2),
      sumOfProducts: total((i) => x[i]! * y[i]!),
    },
  };
}
