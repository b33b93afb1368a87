import type { Hyperparameters } from '../../gp/hyperparameters.ts';
import type { Standardization } from '../../gp/standardize.ts';

/** The same model stated for data that are standardised differently. */
export function restated(h: Hyperparameters, from: Standardization, to: Standardization): Hyperparameters {
  const ratio = (from.stddev / to.stddev) ** 2;
  return {
    ...h,
    outputscale: h.outputscale * ratio,
    meanVariance: h.meanVariance * ratio,
    noiseVariance: h.noiseVariance * ratio,
    mean: (from.mean + h.mean * from.stddev - to.mean) / to.stddev,
  };
}
