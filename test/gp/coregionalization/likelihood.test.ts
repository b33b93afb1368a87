import { expect } from 'chai';
import { stackTasks } from '../../../gp/coregionalization/data.ts';
import {
  coregionalizedGradient,
  differentiateCoregionalized,
} from '../../../gp/coregionalization/gradient.ts';
import {
  coregionalizedLikelihood,
  coregionalizedWorkspace,
  factorTaskCovariance,
  integratedMeansTerm,
  profiledTaskMeans,
} from '../../../gp/coregionalization/likelihood.ts';
import { coregionalizedProblem } from '../../../gp/coregionalization/problem.ts';
import { kernelByName } from '../../../gp/kernels/kernel-by-name.ts';
import { cholesky } from '../../../math/cholesky.ts';
import { randomStream } from '../../../math/random.ts';
import { dot, logDeterminant, solveLower } from '../../../math/triangular.ts';
import { readGolden } from '../../golden/read-golden.ts';
import type { CoregionalizedCase } from './golden.ts';
import { flat } from '../golden-case.ts';
import { trainingSet } from '../training-set.ts';

const goldens = readGolden<CoregionalizedCase[]>('icm-posterior');
const STEP = 1e-5;
/** Central differences of step 1e-5, relative. */
const SLOPE_TOLERANCE = 1e-5;

/** The golden's likelihood as a function of all that it depends on, at outputs in raw units. */
function likelihoodOf(golden: CoregionalizedCase) {
  const { lengthscales, B } = golden;
  const workspace = coregionalizedWorkspace(
    kernelByName.matern52,
    lengthscales.length,
    B.length,
    flat(golden.X),
    Int32Array.from(golden.task),
    Float64Array.from(golden.y),
  );
  const at = (
    ls: readonly number[],
    b: Float64Array,
    noise: Float64Array,
    means: readonly number[],
  ): number => {
    expect(factorTaskCovariance(workspace, ls, b, noise)).to.equal(0);
    return coregionalizedLikelihood(workspace, means);
  };
  return { workspace, at, B: flat(B), noise: Float64Array.from(golden.noise_variance) };
}

const slope = (f: (t: number) => number): number => (f(STEP) - f(-STEP)) / (2 * STEP);
const expectSlope = (analytic: number, f: (t: number) => number): void => {
  expect(analytic).to.be.closeTo(slope(f), SLOPE_TOLERANCE * (1 + Math.abs(analytic)));
};

describe('coregionalizedLikelihood', () => {
  it('has the value of GPyTorch', () => {
    for (const golden of goldens) {
      const { at, B, noise } = likelihoodOf(golden);
      const value = at(golden.lengthscales, B, noise, golden.task_mean);
      expect(value).to.be.closeTo(golden.log_marginal_likelihood, 1e-8);
    }
  });

  it('has the gradients that central differences give, in lengthscales, B and noise', () => {
    for (const golden of goldens) {
      const { workspace, at, B, noise } = likelihoodOf(golden);
      const { lengthscales: ls, task_mean: means } = golden;
      const T = means.length;
      const gradient = coregionalizedGradient(workspace);
      at(ls, B, noise, means);
      differentiateCoregionalized(workspace, 'given', gradient);
      ls.forEach((l, k) =>
        expectSlope(gradient.logLengthscales[k]!, (t) => at(ls.with(k, l * Math.exp(t)), B, noise, means)),
      );
      for (let t = 0; t < T; t++) {
        for (let u = 0; u <= t; u++) {
          const [below, above] = [t * T + u, u * T + t];
          expectSlope(gradient.taskCovariance[below]!, (step) => {
            const value = B[below]! + step;
            return at(ls, B.with(below, value).with(above, value), noise, means);
          });
        }
      }
      noise.forEach((variance, i) =>
        expectSlope(gradient.noise[i]! * variance, (t) =>
          at(ls, B, noise.with(i, variance * Math.exp(t)), means),
        ),
      );
    }
  });

  it('is highest at the profiled means', () => {
    for (const golden of goldens) {
      const { workspace, at, B, noise } = likelihoodOf(golden);
      at(golden.lengthscales, B, noise, golden.task_mean);
      const means = Array.from(profiledTaskMeans(workspace));
      means.forEach((m, t) => {
        const along = slope((step) => coregionalizedLikelihood(workspace, means.with(t, m + step)));
        expect(along).to.be.closeTo(0, 1e-7);
      });
      expect(coregionalizedLikelihood(workspace, means)).to.be.at.least(golden.log_marginal_likelihood);
    }
  });
});

describe('integratedMeansTerm', () => {
  it('is the limit of a normal prior of growing variance on each mean, less the log density of that prior', () => {
    // Of order 1/variance, but rounding grows with the variance.
    const variance = 1e5;
    for (const golden of goldens) {
      const { workspace, at, B, noise } = likelihoodOf(golden);
      const { task, y, lengthscales } = golden;
      const n = y.length;
      at(lengthscales, B, noise, [0, 0]);
      const found =
        coregionalizedLikelihood(workspace, profiledTaskMeans(workspace)) + integratedMeansTerm(workspace);
      const K = workspace.K.slice();
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) if (task[i] === task[j]) K[i * n + j]! += variance;
      }
      const { factor } = cholesky(K, n);
      const whitened = Float64Array.from(y);
      solveLower(factor, n, whitened);
      const logDensity =
        -0.5 * (dot(whitened, 0, whitened, 0, n) + logDeterminant(factor, n) + n * Math.log(2 * Math.PI));
      // Two means, each with the density 1/√(2π·variance) near 0.
      expect(found).to.be.closeTo(logDensity + Math.log(2 * Math.PI * variance), 1e-3);
    }
  });
});

describe('coregionalizedProblem', () => {
  it('has the gradient that central differences give, for one to four tasks of every noise, both kernels', () => {
    const random = randomStream(1, 'problem');
    const n = 6;
    const variance = Float64Array.from({ length: n }, (_, i) => (i % 2 ? NaN : 0.1));
    const sets = [
      trainingSet(n, 2, { seed: 1, noise: { kind: 'none' } }),
      trainingSet(n, 2, { seed: 2, noise: { kind: 'inferred' } }),
      trainingSet(n, 2, { seed: 3, noise: { kind: 'known', variance } }),
      trainingSet(n, 2, { seed: 4 }),
    ];
    for (const taskCount of [1, 2, 3, 4]) {
      for (const kernel of ['matern52', 'rbf'] as const) {
        const { objective, layout } = coregionalizedProblem(stackTasks(sets.slice(0, taskCount)), kernel, 2);
        const theta = Float64Array.from({ length: layout.size }, () => 0.7 * random.normal() - 0.3);
        const gradient = new Float64Array(layout.size);
        const ignored = new Float64Array(layout.size);
        objective(theta, gradient);
        theta.forEach((value, k) =>
          expectSlope(gradient[k]!, (t) => objective(theta.with(k, value + t), ignored)),
        );
      }
    }
  });
});
