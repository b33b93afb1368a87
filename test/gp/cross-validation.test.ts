import { expect } from 'chai';
import { leaveOneOut } from '../../gp/cross-validation.ts';
import { fitHyperparameters } from '../../gp/fit.ts';
import { condition } from '../../gp/gaussian-process.ts';
import { predict } from '../../gp/posterior.ts';
import { standardization } from '../../gp/standardize.ts';
import type { NoiseModel, TrainingData } from '../../gp/training-data.ts';
import { readGolden } from '../golden/read-golden.ts';
import { goldenProcess, type PosteriorCase } from './golden-case.ts';
import { restated } from './restated.ts';
import { trainingSet } from './training-set.ts';

const COUNT = 10;
const DIMENSION = 2;
/** Rounding by a condition number of 1e5 or so, for outputs of size 1. */
const REFIT_TOLERANCE = 1e-9;

const NOISES = {
  inferred: { kind: 'inferred' },
  known: { kind: 'known', variance: Float64Array.from({ length: COUNT }, (_, i) => 0.002 * (i + 1)) },
  'known of some': {
    kind: 'known',
    variance: Float64Array.from({ length: COUNT }, (_, i) => (i % 3 === 0 ? NaN : 0.01 * i)),
  },
} satisfies Record<string, NoiseModel>;

function withoutOne(data: TrainingData, left: number): TrainingData {
  const { noise } = data;
  return {
    ...data,
    X: data.X.filter((_, entry) => Math.floor(entry / DIMENSION) !== left),
    y: data.y.filter((_, i) => i !== left),
    noise:
      noise.kind === 'known'
        ? { kind: 'known', variance: noise.variance.filter((_, i) => i !== left) }
        : noise,
  };
}

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

  for (const [name, noise] of Object.entries(NOISES)) {
    it(`equals predicting each observation from a process built of the others, noise ${name}`, () => {
      const data = trainingSet(COUNT, DIMENSION, { noise });
      for (const kernel of ['matern52', 'rbf'] as const) {
        const h = fitHyperparameters(data, { kernel });
        const whole = condition(data, h);
        const { mean, variance } = leaveOneOut(whole);
        for (let left = 0; left < COUNT; left++) {
          const others = withoutOne(data, left);
          const gp = condition(others, restated(h, whole.standardization, standardization(others.y)));
          const x = data.X.slice(DIMENSION * left, DIMENSION * (left + 1));
          const predicted = predict(gp, x);
          const own = whole.noise[left]! * whole.standardization.stddev ** 2;
          expect(mean[left]!).to.be.closeTo(predicted.mean, REFIT_TOLERANCE);
          expect(variance[left]!).to.be.closeTo(predicted.variance + own, REFIT_TOLERANCE);
        }
      }
    });
  }
});
