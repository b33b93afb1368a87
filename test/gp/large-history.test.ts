import { expect } from 'chai';
import { fitHyperparameters } from '../../gp/fit.ts';
import { condition } from '../../gp/gaussian-process.ts';
import { predict, predictMany } from '../../gp/posterior.ts';
import type { NoiseModel, TrainingData } from '../../gp/training-data.ts';
import { randomStream } from '../../math/random.ts';
import { trainingSet } from './training-set.ts';

/** Above 300, which hyperparameters are fitted to at most. */
const LARGE = 1600;
/** Not among the 300 rows taken evenly from 0 to 1599. */
const LATE = 1500;
/** All other inputs are below 0.8. */
const AWAY = 0.995;
/** Of a function with values between −1 and 1.2. */
const SURPRISE = 2;
/** Noise variance 1e-8 against 5e-3 of the function so far from its data, standardised: millionths of the surprise. */
const EXACT_TOLERANCE = 1e-4;
/** Noise variance 0.01 against 0.07 or so of the function there: an eighth of the surprise is taken for noise, not all of it. */
const NOISY_TOLERANCE = 0.5;
/** The late output changes the standard deviation of all 1,600 by a thousandth, and with it what is fitted. */
const FIT_TOLERANCE = 0.02;
/** Rounding of n·ε·(condition number): the variance at an observation may exceed the prior's by no more. */
const PRIOR_TOLERANCE = 1e-12;

/** A smooth function at n inputs in [0, 0.8]², and far from them, late, at (0.995, 0.995), `surprise` above it. */
function surprised(noise: NoiseModel, noiseStddev: number, surprise: number): TrainingData {
  const X = trainingSet(LARGE, 2, { seed: 3 }).X.map((value) => 0.8 * value);
  X.set([AWAY, AWAY], 2 * LATE);
  const random = randomStream(3, 'large-history');
  const y = Float64Array.from({ length: LARGE }, (_, i) => {
    const value = Math.sin(5 * X[2 * i]!) + (X[2 * i + 1]! - 0.4) ** 2;
    return value + noiseStddev * random.normal() + (i === LATE ? surprise : 0);
  });
  return { dimension: 2, X, y, noise };
}

function expectFinite(data: TrainingData): void {
  const h = fitHyperparameters(data, { starts: 1 });
  const gp = condition(data, h);
  expect(gp.size).to.equal(data.y.length);
  const { mean, variance } = predictMany(gp, Float64Array.of(...data.X.subarray(0, 2), 0.5, 0.5, 0, 1));
  const prior = h.outputscale * gp.standardization.stddev ** 2;
  expect(mean.every(Number.isFinite), `means ${mean.join()}`).to.equal(true);
  for (const each of variance) {
    expect(each).to.be.greaterThan(0);
    expect(each).to.be.at.most(prior * (1 + PRIOR_TOLERANCE));
  }
}

describe('a Gaussian process of many observations', () => {
  it('predicts the 1,500th where it lies, though hyperparameters are fitted without it', () => {
    const late = Float64Array.of(AWAY, AWAY);
    for (const [kind, noiseStddev, tolerance] of [
      ['none', 0, EXACT_TOLERANCE],
      ['inferred', 0.1, NOISY_TOLERANCE],
    ] as const) {
      const data = surprised({ kind }, noiseStddev, SURPRISE);
      const h = fitHyperparameters(data);
      expect(predict(condition(data, h), late).mean).to.be.closeTo(data.y[LATE]!, tolerance);
      const without = fitHyperparameters(surprised({ kind }, noiseStddev, 0));
      without.lengthscales.forEach((lengthscale, k) =>
        expect(lengthscale / h.lengthscales[k]!).to.be.closeTo(1, FIT_TOLERANCE),
      );
    }
  });

  it('is finite for every number of them from 1 to 2,000', () => {
    for (const n of [1, 2, 3, 99, 100, 101, 299, 300, 301, 2000]) {
      expectFinite(trainingSet(n, 2, { noise: { kind: n % 2 === 0 ? 'none' : 'inferred' } }));
    }
  });

  it('is finite where 2,000 of them repeat 20 points without agreeing, taken for exact or not', () => {
    const n = 2000;
    const { X: points } = trainingSet(20, 2);
    const X = Float64Array.from({ length: 2 * n }, (_, at) => points[at % 40]!);
    const random = randomStream(4, 'disagreeing');
    const y = Float64Array.from({ length: n }, (_, i) => Math.sin(i % 20) + 0.3 * random.normal());
    for (const kind of ['none', 'inferred'] as const) expectFinite({ dimension: 2, X, y, noise: { kind } });
  });
});
