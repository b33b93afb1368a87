import { dot, logDeterminant } from '../math/triangular.ts';
import type { GaussianProcess } from './gaussian-process.ts';

/**
 * How likely the outputs are noise around a constant, against the process: its posterior probability, both equally likely
 * before.
 *
 * 1/(1 + B), log B = log N(y | m·1, K) − log N(y | 0, v·I + τ²·11ᵀ) − (d/2) log n, y standardised, v = (n − 1)/n its
 * maximum-likelihood variance, and BIC's price for the d lengthscales that the process has fitted. 1 where n = 1.
 *
 * Source: Kass & Raftery 1995, Bayes factors, JASA 90:773–795, eq. 9.
 */
export function constancyProbability(process: GaussianProcess): number {
  const { size: n, dimension, outputs, alpha, cholesky, hyperparameters } = process;
  const { mean, meanVariance } = hyperparameters;
  if (n === 1) return 1;
  const residuals = outputs.map((y) => y - mean);
  const logFitted = -0.5 * (dot(residuals, 0, alpha, 0, n) + logDeterminant(cholesky.factor, n));
  const variance = (n - 1) / n;
  const squares = dot(outputs, 0, outputs, 0, n);
  const logConstant =
    -0.5 * (squares / variance + n * Math.log(variance) + Math.log1p((n * meanVariance) / variance));
  return 1 / (1 + Math.exp(logFitted - logConstant - (dimension / 2) * Math.log(n)));
}
