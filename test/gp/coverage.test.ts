import { expect } from 'chai';
import { leaveOneOut } from '../../gp/cross-validation.ts';
import { condition, type GaussianProcess } from '../../gp/gaussian-process.ts';
import type { Hyperparameters } from '../../gp/hyperparameters.ts';
import type { KernelName } from '../../gp/kernel.ts';
import { predict } from '../../gp/posterior.ts';
import { standardization } from '../../gp/standardize.ts';
import { cholesky } from '../../math/cholesky.ts';
import { randomStream, type Random } from '../../math/random.ts';
import { dot } from '../../math/triangular.ts';
import { restated } from './restated.ts';

const WORLDS = 4000;
const OBSERVATIONS = 8;
const DIMENSION = 2;
const LENGTHSCALES = [0.3, 0.8] as const;
const OUTPUTSCALE = 2;
const NOISE_VARIANCE = 0.3;
const MEAN = 0.7;
/** 1e-8 of the outputscale, so that the covariance of a smooth draw can be factored. */
const NUGGET = 2e-8;
/** One place of one world is looked at, so the count is binomial; 4.5 of its standard errors is 1 in 150,000 a check. */
const STANDARD_ERRORS = 4.5;
/** Half-widths of the central intervals of a standard normal. */
const INTERVALS = [
  { level: 0.5, halfWidth: 0.6744897501960817 },
  { level: 0.8, halfWidth: 1.2815515655446004 },
  { level: 0.95, halfWidth: 1.959963984540054 },
] as const;

/** The covariance functions from their definitions, of the distance r. */
const COVARIANCE: Readonly<Record<KernelName, (r: number) => number>> = {
  matern52: (r) => (1 + Math.sqrt(5) * r + (5 / 3) * r * r) * Math.exp(-Math.sqrt(5) * r),
  rbf: (r) => Math.exp(-0.5 * r * r),
};

interface World {
  readonly gp: GaussianProcess;
  readonly observed: Float64Array;
  /** A point that was not observed, and the function there. */
  readonly x: Float64Array;
  readonly truth: number;
}

/** A function drawn from the prior, seen with noise at all but the last of some random points. */
function drawWorld(kernel: KernelName, random: Random): World {
  const m = OBSERVATIONS + 1;
  const X = Float64Array.from({ length: m * DIMENSION }, () => random.uniform());
  const K = Float64Array.from({ length: m * m }, (_, at) => {
    const [i, j] = [Math.floor(at / m), at % m];
    const r = Math.hypot(...LENGTHSCALES.map((l, k) => (X[i * DIMENSION + k]! - X[j * DIMENSION + k]!) / l));
    return OUTPUTSCALE * COVARIANCE[kernel](r) + (i === j ? NUGGET : 0);
  });
  const { factor } = cholesky(K, m);
  const normals = Float64Array.from({ length: m }, () => random.normal());
  const f = normals.map((_, i) => MEAN + dot(factor, i * m, normals, 0, i + 1));
  const observed = f
    .slice(0, OBSERVATIONS)
    .map((value) => value + Math.sqrt(NOISE_VARIANCE) * random.normal());
  const h: Hyperparameters = {
    kernel,
    lengthscales: [...LENGTHSCALES],
    outputscale: OUTPUTSCALE,
    noiseVariance: NOISE_VARIANCE,
    mean: MEAN,
    meanVariance: 0,
    logPosterior: 0,
    jitter: 0,
  };
  const data = {
    dimension: DIMENSION,
    X: X.slice(0, OBSERVATIONS * DIMENSION),
    y: observed,
    noise: { kind: 'inferred' },
  } as const;
  const gp = condition(data, restated(h, { mean: 0, stddev: 1 }, standardization(observed)));
  return { gp, observed, x: X.slice(OBSERVATIONS * DIMENSION), truth: f[OBSERVATIONS]! };
}

/** Checks how often standardised errors lie in each central interval. */
function expectCoverage(errors: readonly number[], what: string): void {
  for (const { level, halfWidth } of INTERVALS) {
    const share = errors.filter((error) => Math.abs(error) <= halfWidth).length / errors.length;
    const standardError = Math.sqrt((level * (1 - level)) / errors.length);
    expect(share, `${what} at ${level}`).to.be.closeTo(level, STANDARD_ERRORS * standardError);
  }
}

describe('the intervals of a Gaussian process', () => {
  for (const kernel of ['matern52', 'rbf'] as const) {
    it(`cover functions drawn from its prior at their rates, within 4.5 standard errors: ${kernel}`, () => {
      const random = randomStream(1, 'prior-coverage', kernel);
      const held: number[] = [];
      const left: number[] = [];
      for (let world = 0; world < WORLDS; world++) {
        const { gp, observed, x, truth } = drawWorld(kernel, random);
        const { mean, variance } = predict(gp, x);
        held.push((truth - mean) / Math.sqrt(variance));
        const loo = leaveOneOut(gp);
        const i = world % OBSERVATIONS;
        left.push((observed[i]! - loo.mean[i]!) / Math.sqrt(loo.variance[i]!));
      }
      expectCoverage(held, 'held out');
      expectCoverage(left, 'left out');
    });
  }
});
