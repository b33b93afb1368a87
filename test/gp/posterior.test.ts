import { expect } from 'chai';
import * as fc from 'fast-check';
import { EigenvalueDecomposition, inverse as invert, Matrix } from 'ml-matrix';
import { fitHyperparameters } from '../../gp/fit.ts';
import { appendObservation, condition } from '../../gp/gaussian-process.ts';
import {
  jointPosterior,
  posteriorMean,
  predict,
  predictionGradient,
  predictMany,
  predictWithGradient,
} from '../../gp/posterior.ts';
import { readGolden } from '../golden/read-golden.ts';
import { flat, goldenProcess, type PosteriorCase } from './golden-case.ts';
import { trainingSet } from './training-set.ts';

const goldens = readGolden<PosteriorCase[]>('gp-posterior');

/** Matérn-5/2 of lengthscales 0.5 and 0.8, outputscale 0.4. */
const k = (a: Float64Array, b: Float64Array): number => {
  const r = Math.sqrt(5 * (((a[0]! - b[0]!) / 0.5) ** 2 + ((a[1]! - b[1]!) / 0.8) ** 2));
  return 0.4 * (1 + r + (r * r) / 3) * Math.exp(-r);
};

describe('posterior', () => {
  it('has the mean and covariance of GPyTorch', () => {
    for (const golden of goldens) {
      const gp = goldenProcess(golden);
      const X = flat(golden.X_test);
      const joint = jointPosterior(gp, X);
      const many = predictMany(gp, X);
      const meanAt = posteriorMean(gp);
      const d = golden.X_test[0]!.length;
      const m = golden.X_test.length;
      for (let i = 0; i < m; i++) {
        expect(joint.mean[i]!).to.be.closeTo(golden.posterior_mean[i]!, 1e-8);
        expect(many.mean[i]!).to.be.closeTo(golden.posterior_mean[i]!, 1e-8);
        expect(meanAt(X.subarray(i * d, (i + 1) * d))).to.be.closeTo(golden.posterior_mean[i]!, 1e-8);
        expect(many.variance[i]!).to.be.closeTo(golden.posterior_cov[i]![i]!, 1e-8);
        for (let j = 0; j < m; j++) {
          expect(joint.covariance[i * m + j]!).to.be.closeTo(golden.posterior_cov[i]![j]!, 1e-8);
        }
      }
    }
  });

  it('knows its constant mean no better than the data do: ordinary kriging as that becomes free', () => {
    const n = 9;
    const noise = 0.3;
    const variance = new Float64Array(n).fill(noise);
    const data = trainingSet(n, 2, { noise: { kind: 'known', variance } });
    const fit = { ...fitHyperparameters(data), lengthscales: [0.5, 0.8], outputscale: 0.4, meanVariance: 0 };
    const { standardization, outputs } = condition(data, fit);
    const unit = standardization.stddev ** 2;
    const at = (i: number): Float64Array => data.X.subarray(2 * i, 2 * i + 2);
    const K = Matrix.zeros(n, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) K.set(i, j, k(at(i), at(j)) + (i === j ? noise / unit : 0));
    }
    const inverse = invert(K);
    const ones = Matrix.ones(n, 1);
    const precision = ones.transpose().mmul(inverse).mmul(ones).get(0, 0);
    const estimate = ones
      .transpose()
      .mmul(inverse)
      .mmul(Matrix.columnVector(Array.from(outputs)));
    const given = { ...fit, mean: estimate.get(0, 0) / precision };
    const process = condition(data, given);
    for (const x of [Float64Array.of(0.3, 0.6), Float64Array.of(3, -2)]) {
      const row = Matrix.columnVector(Array.from({ length: n }, (_, i) => k(at(i), x)));
      const explained = row.transpose().mmul(inverse).mmul(row).get(0, 0);
      const unexplained = 1 - ones.transpose().mmul(inverse).mmul(row).get(0, 0);
      const expected = 0.4 - explained + unexplained ** 2 / precision;
      const free = condition(data, { ...given, meanVariance: 1e7 });
      expect(predict(free, x).variance / unit).to.be.closeTo(expected, 1e-5);
      expect(predict(process, x).variance / unit).to.be.closeTo(0.4 - explained, 1e-10);
      const some = condition(data, { ...given, meanVariance: 1 });
      const between = 0.4 - explained + unexplained ** 2 / (precision + 1);
      expect(predict(some, x).variance / unit).to.be.closeTo(between, 1e-10);
      const gradient = predictionGradient(some);
      predictWithGradient(some, x, gradient);
      expect(gradient.variance / unit).to.be.closeTo(between, 1e-10);
      const joint = jointPosterior(some, Float64Array.of(...x, ...x));
      expect(joint.covariance[1]! / unit).to.be.closeTo(between, 1e-10);
      expect(predict(some, x).mean).to.be.closeTo(predict(process, x).mean, 1e-10);
    }
  });

  it('has the gradients that central differences give', () => {
    for (const golden of goldens) {
      const gp = goldenProcess(golden);
      const d = gp.dimension;
      const out = predictionGradient(gp);
      for (const row of golden.X_test) {
        const x = Float64Array.from(row);
        predictWithGradient(gp, x, out);
        const here = predict(gp, x);
        expect(out.mean).to.be.closeTo(here.mean, 1e-12);
        expect(out.variance).to.be.closeTo(here.variance, 1e-12);
        for (let k = 0; k < d; k++) {
          const step = 1e-5;
          const above = predict(gp, x.with(k, x[k]! + step));
          const below = predict(gp, x.with(k, x[k]! - step));
          expect(out.meanGradient[k]!).to.be.closeTo((above.mean - below.mean) / (2 * step), 1e-6);
          expect(out.varianceGradient[k]!).to.be.closeTo(
            (above.variance - below.variance) / (2 * step),
            1e-6,
          );
        }
      }
    }
  });

  it('is finite at an exact observation, where the variance is at most its noise', () => {
    const data = trainingSet(20, 3, { noiseStddev: 0, noise: { kind: 'none' } });
    const gp = condition(data, fitHyperparameters(data));
    const out = predictionGradient(gp);
    for (let i = 0; i < 20; i++) {
      predictWithGradient(gp, data.X.subarray(i * 3, i * 3 + 3), out);
      expect(out.mean).to.be.closeTo(data.y[i]!, 1e-4);
      expect(out.variance).to.be.within(0, 1.001e-6 * gp.standardization.stddev ** 2);
      expect(out.variance).to.be.greaterThan(0);
      expect([...out.meanGradient, ...out.varianceGradient].every(Number.isFinite)).to.equal(true);
    }
  });

  it('has a positive semidefinite covariance that falls with every observation', () => {
    const data = trainingSet(12, 2);
    const gp = condition(data, fitHyperparameters(data, { starts: 1 }));
    const coordinates = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 10,
      maxLength: 10,
    });
    fc.assert(
      fc.property(coordinates, (values) => {
        const X = Float64Array.from(values);
        const { covariance } = jointPosterior(gp, X);
        const { realEigenvalues } = new EigenvalueDecomposition(
          Matrix.from1DArray(5, 5, Array.from(covariance)),
        );
        expect(Math.min(...realEigenvalues)).to.be.greaterThan(-1e-9);
        const after = predictMany(appendObservation(gp, X.slice(0, 2), 0), X).variance;
        predictMany(gp, X).variance.forEach((before, i) => expect(after[i]!).to.be.at.most(before + 1e-9));
      }),
      { numRuns: 50 },
    );
  });

  it('refuses inputs of the wrong length', () => {
    const gp = goldenProcess(goldens[0]!);
    expect(() => predict(gp, new Float64Array(3))).to.throw(RangeError, '3');
    expect(() => predictMany(gp, new Float64Array(5))).to.throw(RangeError, '5');
    expect(() => jointPosterior(gp, new Float64Array(1))).to.throw(RangeError, '1');
  });
});
