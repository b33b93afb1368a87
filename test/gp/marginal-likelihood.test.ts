import { expect } from 'chai';
import { kernelByName } from '../../gp/kernels/kernel-by-name.ts';
import {
  differentiateLikelihood,
  factorCovariance,
  likelihoodGradient,
  likelihoodWorkspace,
  logMarginalLikelihood,
  profiledMean,
} from '../../gp/marginal-likelihood.ts';
import { readGolden } from '../golden/read-golden.ts';
import { flat, type PosteriorCase } from './golden-case.ts';

const goldens = readGolden<PosteriorCase[]>('gp-posterior');

function workspaceOf({ kernel, lengthscales, X, y }: PosteriorCase) {
  return likelihoodWorkspace(kernelByName[kernel], lengthscales.length, flat(X), Float64Array.from(y));
}

describe('logMarginalLikelihood', () => {
  it('has the value and gradients of GPyTorch', () => {
    for (const golden of goldens) {
      const { lengthscales, outputscale, mean } = golden;
      const workspace = workspaceOf(golden);
      const gradient = likelihoodGradient(lengthscales.length, golden.y.length);
      expect(
        factorCovariance(workspace, lengthscales, outputscale, Float64Array.from(golden.noise_variance)),
      ).to.equal(0);
      const value = logMarginalLikelihood(workspace, mean);
      differentiateLikelihood(workspace, outputscale, gradient);
      expect(value).to.be.closeTo(golden.log_marginal_likelihood, 1e-8);
      expect(gradient.logOutputscale).to.be.closeTo(golden.grad_log_outputscale, 1e-8);
      expect(gradient.mean).to.be.closeTo(golden.grad_mean, 1e-8);
      golden.grad_log_lengthscales.forEach((expected, k) =>
        expect(gradient.logLengthscales[k]!).to.be.closeTo(expected, 1e-8),
      );
    }
  });

  it('has the gradients that central differences give, in each noise variance too', () => {
    const step = 1e-5;
    for (const golden of goldens) {
      const workspace = workspaceOf(golden);
      const { lengthscales, outputscale, mean } = golden;
      const noise = Float64Array.from(golden.noise_variance);
      const at = (ls: readonly number[], s: number, diagonal: Float64Array, m: number): number => {
        factorCovariance(workspace, ls, s, diagonal);
        return logMarginalLikelihood(workspace, m);
      };
      const slope = (f: (t: number) => number): number => (f(step) - f(-step)) / (2 * step);
      const gradient = likelihoodGradient(lengthscales.length, noise.length);
      at(lengthscales, outputscale, noise, mean);
      differentiateLikelihood(workspace, outputscale, gradient);
      const expectSlope = (analytic: number, f: (t: number) => number): void => {
        expect(analytic).to.be.closeTo(slope(f), 1e-5 * (1 + Math.abs(analytic)));
      };
      lengthscales.forEach((l, k) =>
        expectSlope(gradient.logLengthscales[k]!, (t) =>
          at(lengthscales.with(k, l * Math.exp(t)), outputscale, noise, mean),
        ),
      );
      expectSlope(gradient.logOutputscale, (t) => at(lengthscales, outputscale * Math.exp(t), noise, mean));
      expectSlope(gradient.mean, (t) => at(lengthscales, outputscale, noise, mean + t));
      noise.forEach((variance, i) =>
        expectSlope(gradient.noise[i]! * variance, (t) =>
          at(lengthscales, outputscale, noise.with(i, variance * Math.exp(t)), mean),
        ),
      );
    }
  });

  it('is highest at the profiled mean', () => {
    for (const golden of goldens) {
      const workspace = workspaceOf(golden);
      const gradient = likelihoodGradient(golden.lengthscales.length, golden.y.length);
      factorCovariance(
        workspace,
        golden.lengthscales,
        golden.outputscale,
        Float64Array.from(golden.noise_variance),
      );
      logMarginalLikelihood(workspace, profiledMean(workspace));
      differentiateLikelihood(workspace, golden.outputscale, gradient);
      expect(gradient.mean).to.be.closeTo(0, 1e-9);
    }
  });
});
