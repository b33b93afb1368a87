import { priorMode, type Priors } from './priors.ts';

export interface FitParameters {
  readonly lengthscales: readonly number[];
  readonly noiseVariance: number;
  readonly outputscale: number;
}

/**
 * Starts as multiples of the prior's modes: the mode, then those that most often found what the ones before had missed
 * (a grid of 28 on 90 random problems: the first alone reaches the best optimum known in 86 % of them, three in 94 %).
 */
const FIXED_STARTS: readonly { readonly lengthscale: number; readonly noise: number }[] = [
  { lengthscale: 1, noise: 1 },
  { lengthscale: 5, noise: 10 },
  { lengthscale: 10, noise: 40 },
  { lengthscale: 3, noise: 10 },
  { lengthscale: 0.3, noise: 0.1 },
];

/** Where the search for hyperparameters begins: an earlier fit when there is one, then `count` fixed points. */
export function fitStarts(
  dimension: number,
  priors: Priors,
  count: number,
  warmStart?: FitParameters,
): readonly FitParameters[] {
  if (!(Number.isInteger(count) && count >= 0 && count <= FIXED_STARTS.length)) {
    throw new RangeError(`starts ${count} is not one of 0…${FIXED_STARTS.length}`);
  }
  if (warmStart && warmStart.lengthscales.length !== dimension) {
    throw new RangeError(
      `warm start of ${warmStart.lengthscales.length} lengthscales for dimension ${dimension}`,
    );
  }
  const mode = priorMode(priors.lengthscale);
  const fixed = FIXED_STARTS.slice(0, count).map(({ lengthscale, noise }) => ({
    lengthscales: Array.from({ length: dimension }, () => lengthscale * mode),
    noiseVariance: noise * priorMode(priors.noise),
    outputscale: 1,
  }));
  return warmStart ? [warmStart, ...fixed] : fixed;
}
