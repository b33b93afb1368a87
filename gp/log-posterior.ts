import { standardizedData } from './fit-problem.ts';
import type { Hyperparameters } from './hyperparameters.ts';
import { kernelByName } from './kernels/kernel-by-name.ts';
import { factorCovariance, likelihoodWorkspace, logMarginalLikelihood } from './marginal-likelihood.ts';
import { infersNoise, withInferred } from './noise.ts';
import { defaultPriors, logDensity, type Priors } from './priors.ts';
import { checkTrainingData, type TrainingData } from './training-data.ts';

/**
 * Log posterior of hyperparameters given all of the observations, whichever of them they were fitted to.
 *
 * log N(y | mean·1, s·k(X, X) + noise) + Σ log p(ℓ_k) + log p(noise), y standardised; the noise's prior counts where
 * some of it is inferred. O(n³).
 *
 * Throws RangeError on malformed data, NotPositiveDefiniteError.
 */
export function logPosterior(
  data: TrainingData,
  hyperparameters: Hyperparameters,
  priors: Priors = defaultPriors(data.dimension, infersNoise(data.noise)),
): number {
  checkTrainingData(data);
  const { kernel, lengthscales, outputscale, noiseVariance, mean } = hyperparameters;
  const { dimension, X, y, noise } = standardizedData(data);
  const workspace = likelihoodWorkspace(kernelByName[kernel], dimension, X, y);
  factorCovariance(workspace, lengthscales, outputscale, withInferred(noise, noiseVariance));
  const ofLengthscales = lengthscales.reduce(
    (sum, each) => sum + logDensity(priors.lengthscale, Math.log(each)),
    0,
  );
  const ofNoise = infersNoise(data.noise) ? logDensity(priors.noise, Math.log(noiseVariance)) : 0;
  return logMarginalLikelihood(workspace, mean) + ofLengthscales + ofNoise;
}
