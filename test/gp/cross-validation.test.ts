import { expect } from 'chai';
import { leaveOneOut } from '../../gp/cross-validation.ts';
import { fitHyperparameters } from '../../gp/fit.ts';
import { condition } from '../../gp/gaussian-process.ts';
import { predict } from '../../gp/posterior.ts';
import { standardization } from '../../gp/standardize.ts';
import { readGolden } from '../golden/read-golden.ts';
import { goldenProcess, type PosteriorCase } from './golden-case.ts';
import { restated } from './restated.ts';
import { trainingSet } from './training-set.ts';

describe('leaveOneOut', () => {
  it('has the means and variances of the reference', () => {
    for (const golden of readGolden<PosteriorCase[]>('gp-posterior')) {
      const { mean, variance } = leaveOneOut(goldenProcess(golden));
      golden.loo_mean.forEach((expected, i) => expect(mean[i]!).to.be.closeTo(expected, 1e-8));
      golden.loo_variance_with_noise.forEach((expected, i) =>
        expect(variance[i]!).to.be.closeTo(expected, 1e-8),
      );
    }
  });

  it('equals predicting each observation from a process built of the others', () => {
    const n = 10;
    const d = 2;
    const data = trainingSet(n, d);
    const h = fitHyperparameters(data);
    const whole = condition(data, h);
    const { mean, variance } = leaveOneOut(whole);
    for (let left = 0; left < n; left++) {
      const others = {
        ...data,
        X: data.X.filter((_, entry) => Math.floor(entry / d) !== left),
        y: data.y.filter((_, i) => i !== left),
      };
      const gp = condition(others, restated(h, whole.standardization, standardization(others.y)));
      const predicted = predict(gp, data.X.slice(d * left, d * left + d));
      const noise = h.noiseVariance * whole.standardization.stddev ** 2;
      expect(mean[left]!).to.be.closeTo(predicted.mean, 1e-9);
      expect(variance[left]!).to.be.closeTo(predicted.variance + noise, 1e-9);
    }
  });
});
