import { expect } from 'chai';
import * as fc from 'fast-check';
import { fitHyperparameters } from '../../gp/fit.ts';
import { condition } from '../../gp/gaussian-process.ts';
import type { Hyperparameters } from '../../gp/hyperparameters.ts';
import { predict, predictMany } from '../../gp/posterior.ts';
import { cautiousPriors, logDensity, standardPriors } from '../../gp/priors.ts';
import type { TrainingData } from '../../gp/training-data.ts';
import { readGolden } from '../golden/read-golden.ts';
import { flat, type MapFitCase } from './golden-case.ts';
import { rescaled, trainingSet } from './training-set.ts';

const { cases } = readGolden<{ cases: MapFitCase[] }>('gp-map-fit');

function dataOf(golden: MapFitCase): TrainingData {
  const variance = golden.noise_variance;
  return {
    dimension: golden.lengthscales.length,
    X: flat(golden.X),
    y: Float64Array.from(golden.y_standardised),
    noise: variance ? { kind: 'known', variance: Float64Array.from(variance) } : { kind: 'inferred' },
  };
}

/** The same optimum: every lengthscale that matters (below the cube's diagonal) agrees to 2 %. */
function isSameOptimum(h: Hyperparameters, golden: MapFitCase): boolean {
  return golden.lengthscales.every((l, k) => l > 3 || Math.abs(Math.log(h.lengthscales[k]! / l)) < 0.02);
}

function expectUsable(data: TrainingData, h: Hyperparameters): void {
  const gp = condition(data, h);
  const centre = predict(gp, new Float64Array(data.dimension).fill(0.5));
  expect(Number.isFinite(centre.mean), `mean ${centre.mean}`).to.equal(true);
  expect(centre.variance).to.be.greaterThan(0);
  expect(centre.variance).to.be.at.most(
    (h.outputscale + h.meanVariance) * gp.standardization.stddev ** 2 * (1 + 1e-12),
  );
  expect(JSON.parse(JSON.stringify(h))).to.deep.equal(h);
}

const fitKnowing = (noiseStddev: number): Hyperparameters =>
  fitHyperparameters(
    trainingSet(40, 2, {
      noiseStddev,
      noise: { kind: 'known', variance: new Float64Array(40).fill(noiseStddev ** 2) },
    }),
  );

describe('fitHyperparameters', () => {
  it('is never below the log posterior that BoTorch reached, and predicts the same at the same optimum', () => {
    let same = 0;
    for (const golden of cases) {
      const data = dataOf(golden);
      const priors = standardPriors(data.dimension);
      const h = fitHyperparameters(data, { kernel: golden.kernel, priors });
      expect(h.logPosterior).to.be.at.least(golden.log_posterior_at_optimum - 1e-4);
      if (h.logPosterior > golden.log_posterior_at_optimum + 1e-3 || !isSameOptimum(h, golden)) continue;
      same++;
      const { mean, variance } = predictMany(condition(data, { ...h, meanVariance: 0 }), flat(golden.X_test));
      golden.posterior_mean.forEach((expected, i) => expect(mean[i]!).to.be.closeTo(expected, 1e-3));
      golden.posterior_variance.forEach((expected, i) => expect(variance[i]!).to.be.closeTo(expected, 1e-3));
    }
    expect(same).to.be.at.least(8);
  });

  it('finds the same optimum from one start, several, and a warm start', () => {
    const data = trainingSet(30, 3);
    const several = fitHyperparameters(data, { starts: 5 });
    expect(several).to.deep.equal(fitHyperparameters(data, { starts: 5 }));
    const warm = fitHyperparameters(data, { starts: 0, warmStart: several });
    expect(warm.logPosterior).to.be.at.least(several.logPosterior - 1e-9);
    expect(warm.logPosterior).to.be.closeTo(several.logPosterior, 1e-4);
    expect(fitHyperparameters(data, { starts: 1 }).logPosterior).to.be.at.most(several.logPosterior + 1e-4);
  });

  it('does not depend on the scale or offset of the outputs', () => {
    const base = trainingSet(18, 2, {
      noise: { kind: 'known', variance: Float64Array.from({ length: 18 }, (_, i) => (i % 2 ? 0.01 : NaN)) },
    });
    const x = Float64Array.of(0.2, 0.7);
    const h = fitHyperparameters(base);
    const here = predict(condition(base, h), x);
    for (const [scale, offset] of [
      [1e-12, 0],
      [1e12, 0],
      [1e12, 3e14],
      [-1e-6, 1e-4],
    ] as const) {
      const data = rescaled(base, scale, offset);
      const scaled = fitHyperparameters(data);
      expect(scaled.logPosterior).to.be.closeTo(h.logPosterior, 1e-5);
      const there = predict(condition(data, scaled), x);
      expect((there.mean - offset) / scale).to.be.closeTo(here.mean, 1e-3);
      expect(there.variance / scale ** 2).to.be.closeTo(here.variance, 1e-3);
    }
  });

  it('holds for one observation, whose posterior is the prior around it', () => {
    for (const y of [0, 1e-12, -3, 1e12]) {
      for (const kind of ['none', 'inferred'] as const) {
        const data: TrainingData = {
          dimension: 2,
          X: Float64Array.of(0.5, 0.5),
          y: Float64Array.of(y),
          noise: { kind },
        };
        const h = fitHyperparameters(data);
        expectUsable(data, h);
        expect(predict(condition(data, h), Float64Array.of(0, 1)).mean).to.equal(y);
      }
    }
  });

  it('holds for a constant output at any scale, known noise or not', () => {
    for (const value of [0, 1e-12, 5, 1e12]) {
      for (const variance of [undefined, 0, 1, 1e10]) {
        const data: TrainingData = {
          ...trainingSet(10, 2),
          y: new Float64Array(10).fill(value),
          noise:
            variance === undefined
              ? { kind: 'none' }
              : { kind: 'known', variance: new Float64Array(10).fill(variance) },
        };
        const h = fitHyperparameters(data);
        expectUsable(data, h);
        expect(h.outputscale).to.equal(1);
        expect(predict(condition(data, h), Float64Array.of(0.1, 0.9)).mean).to.be.closeTo(
          value,
          1e-9 * value,
        );
      }
    }
  });

  it('holds for outputs that differ by their rounding alone, at any scale', () => {
    for (const scale of [1e-100, 1e-12, 1, 1e12, 1e17, 1e100]) {
      for (const kind of ['none', 'inferred'] as const) {
        const data = trainingSet(10, 2, { noise: { kind } });
        const y = data.y.map((_, i) => scale * (1 + (i % 3) * Number.EPSILON));
        expectUsable({ ...data, y }, fitHyperparameters({ ...data, y }));
      }
    }
  });

  it('holds for repeated points, agreeing or not, under every noise model', () => {
    const n = 12;
    const X = Float64Array.from({ length: 2 * n }, (_, i) => ((i >> 1) % 3) / 2);
    const agreeing = Float64Array.from({ length: n }, (_, i) => i % 3);
    const conflicting = agreeing.map((value, i) => value + 0.3 * Math.sin(i));
    const noises: readonly TrainingData['noise'][] = [
      { kind: 'none' },
      { kind: 'inferred' },
      { kind: 'known', variance: new Float64Array(n) },
      { kind: 'known', variance: new Float64Array(n).fill(NaN).with(0, 0) },
    ];
    for (const kernel of ['matern52', 'rbf'] as const) {
      for (const y of [agreeing, conflicting]) {
        for (const noise of noises) {
          const data: TrainingData = { dimension: 2, X, y, noise };
          const h = fitHyperparameters(data, { kernel });
          expectUsable(data, h);
          expect(h.jitter).to.equal(0);
        }
      }
    }
  });

  it('infers one noise for the observations without a known one', () => {
    const n = 60;
    const variance = Float64Array.from({ length: n }, (_, i) => (i % 2 ? 1e-4 : NaN));
    const exact = trainingSet(n, 2, { noiseStddev: 0.01, noise: { kind: 'known', variance } });
    const noisier = trainingSet(n, 2, { noiseStddev: 0.4, noise: { kind: 'known', variance } });
    const data = { ...exact, y: exact.y.map((value, i) => (i % 2 ? value : noisier.y[i]!)) };
    const h = fitHyperparameters(data);
    const stddev = Math.sqrt(h.noiseVariance) * condition(data, h).standardization.stddev;
    expect(stddev).to.be.within(0.25, 0.55);
    const unknown = { ...exact, noise: { kind: 'known', variance: new Float64Array(n).fill(NaN) } } as const;
    expect(fitHyperparameters(unknown)).to.deep.equal(
      fitHyperparameters({ ...exact, noise: { kind: 'inferred' } }),
    );
  });

  it('fits an outputscale only where known noise makes up much of the variance', () => {
    expect(fitKnowing(0.1).outputscale).to.equal(1);
    expect(fitKnowing(1).outputscale).to.be.within(0.01, 0.9);
  });

  it('reports the log posterior of what it returns, in its standardised units', () => {
    const y = 0.5;
    const data: TrainingData = {
      dimension: 1,
      X: Float64Array.of(0.1, 0.1),
      y: Float64Array.of(-y, y),
      noise: { kind: 'inferred' },
    };
    const h = fitHyperparameters(data);
    const priors = cautiousPriors(1);
    // One point seen twice: the mean direction has variance 2s + v, the difference (±1/√2 standardised) v.
    const v = h.noiseVariance;
    const logLikelihood = -0.5 * (1 / v + Math.log(v) + Math.log(2 + v) + 2 * Math.log(2 * Math.PI));
    const logPrior =
      logDensity(priors.noise, Math.log(v)) + logDensity(priors.lengthscale, Math.log(h.lengthscales[0]!));
    expect(h.logPosterior).to.be.closeTo(logLikelihood + logPrior, 1e-10);
  });

  it('never throws on arbitrary finite data', () => {
    const cell = fc.double({ min: 0, max: 1, noNaN: true });
    const output = fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.constantFrom(0, 1, 1e-300, -1e12),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, output), { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        (rows, exact) => {
          const data: TrainingData = {
            dimension: 2,
            X: Float64Array.from(rows.flatMap(([a, b]) => [a, b])),
            y: Float64Array.from(rows, (row) => row[2]),
            noise: { kind: exact ? 'none' : 'inferred' },
          };
          expectUsable(data, fitHyperparameters(data, { starts: 2 }));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses a number of starts it does not have, and a warm start of another dimension', () => {
    const data = trainingSet(5, 2);
    const other = fitHyperparameters(trainingSet(5, 3), { starts: 1 });
    expect(() => fitHyperparameters(data, { starts: 99 })).to.throw(RangeError, '99');
    expect(() => fitHyperparameters(data, { starts: 0 })).to.throw(RangeError, '0');
    expect(() => fitHyperparameters(data, { warmStart: other })).to.throw(RangeError, '3');
  });
});
