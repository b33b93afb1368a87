import { expect } from 'chai';
import { fitHyperparameters } from '../../gp/fit.ts';
import { logPosterior } from '../../gp/log-posterior.ts';
import { standardPriors } from '../../gp/priors.ts';
import type { TrainingData } from '../../gp/training-data.ts';
import { readGolden } from '../golden/read-golden.ts';
import { flat, type MapFitCase } from './golden-case.ts';
import { trainingSet } from './training-set.ts';

/** What adding up the terms in another order moves a sum of this size by. */
const ROUNDING = 1e-8;

const density = (value: number, location: number, scale: number): number =>
  -Math.log(value * scale * Math.sqrt(2 * Math.PI)) - ((Math.log(value) - location) / scale) ** 2 / 2;

describe('logPosterior', () => {
  it('has the value that BoTorch has at its optimum, with known noise and with inferred', () => {
    for (const golden of readGolden<{ cases: MapFitCase[] }>('gp-map-fit').cases) {
      const variance = golden.noise_variance;
      const data: TrainingData = {
        dimension: golden.lengthscales.length,
        X: flat(golden.X),
        y: Float64Array.from(golden.y_standardised),
        noise: variance ? { kind: 'known', variance: Float64Array.from(variance) } : { kind: 'inferred' },
      };
      const value = logPosterior(
        data,
        {
          kernel: golden.kernel,
          lengthscales: golden.lengthscales,
          outputscale: 1,
          noiseVariance: golden.inferred_noise_variance ?? NaN,
          mean: golden.mean,
          meanVariance: 0,
          logPosterior: NaN,
          jitter: 0,
        },
        standardPriors(golden.lengthscales.length),
      );
      expect(value).to.be.closeTo(golden.log_posterior_at_optimum, ROUNDING);
    }
  });

  it('is what a fit of all observations says of itself', () => {
    const variance = Float64Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? NaN : 0.5));
    for (const noise of [{ kind: 'none' }, { kind: 'inferred' }, { kind: 'known', variance }] as const) {
      const data = trainingSet(40, 3, { noise });
      const fitted = fitHyperparameters(data);
      expect(logPosterior(data, fitted)).to.be.closeTo(fitted.logPosterior, ROUNDING);
    }
  });

  it('counts LogNormal(−1, 1.5) of the noise where a fit infers it, and a scale of 1.3 of the lengthscales', () => {
    const location = Math.SQRT2 + Math.log(2) / 2;
    const data = trainingSet(20, 2, { noise: { kind: 'inferred' } });
    const h = fitHyperparameters(data);
    const standard = logPosterior(data, h, standardPriors(2));
    const sum = (scale: number): number =>
      h.lengthscales.reduce((total, each) => total + density(each, location, scale), 0);
    const likelihood = standard - sum(Math.sqrt(3)) - density(h.noiseVariance, -4, 1);
    const expected = likelihood + sum(1.3) + density(h.noiseVariance, -1, 1.5);
    expect(h.logPosterior).to.be.closeTo(expected, ROUNDING);
    expect(Math.abs(standard - expected)).to.be.above(0.1);
  });

  it('is no higher at the fit of a subset, whose own log posterior is of fewer observations', () => {
    const data = trainingSet(60, 2);
    const best = fitHyperparameters(data).logPosterior;
    const subset = fitHyperparameters(data, { mostFitted: 20 });
    expect(logPosterior(data, subset)).to.be.below(best).and.not.closeTo(subset.logPosterior, 1);
    expect(() => logPosterior({ ...data, y: new Float64Array(3) }, subset)).to.throw(RangeError);
    for (const mostFitted of [1, 2.5, NaN]) {
      expect(() => fitHyperparameters(data, { mostFitted })).to.throw(RangeError, `${mostFitted} of 60`);
    }
  });
});
