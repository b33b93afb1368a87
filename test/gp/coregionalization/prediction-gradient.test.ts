import { expect } from 'chai';
import { conditionCoregionalized } from '../../../gp/coregionalization/coregionalization.ts';
import { correlationPosterior } from '../../../gp/coregionalization/correlation-posterior.ts';
import { stackTasks } from '../../../gp/coregionalization/data.ts';
import { fitCoregionalized } from '../../../gp/coregionalization/fit.ts';
import { conditionMixture, predictMixture } from '../../../gp/coregionalization/mixture.ts';
import { predictTask } from '../../../gp/coregionalization/posterior.ts';
import {
  predictMixtureWithGradient,
  predictTaskWithGradient,
} from '../../../gp/coregionalization/prediction-gradient.ts';
import { gradientMoments } from '../../../gp/linear-combination.ts';
import type { Moments } from '../../../gp/posterior.ts';
import { trainingSet } from '../training-set.ts';

const STEP = 1e-5;
const data = stackTasks([trainingSet(10, 2, { seed: 1 }), trainingSet(6, 2, { seed: 2 })]);
const fit = fitCoregionalized(data);
const process = conditionCoregionalized(data, fit);
const mixture = conditionMixture(data, correlationPosterior(data, fit, { points: 11 }));

function expectGradient(predictAt: (x: Float64Array) => Moments, x: Float64Array, out = gradientMoments(2)) {
  const here = predictAt(x);
  expect(out.mean).to.be.closeTo(here.mean, 1e-13);
  expect(out.variance).to.be.closeTo(here.variance, 1e-13);
  for (let k = 0; k < 2; k++) {
    const [low, high] = [-STEP, STEP].map((step) => predictAt(x.with(k, x[k]! + step)));
    expect(out.meanGradient[k]!).to.be.closeTo((high!.mean - low!.mean) / (2 * STEP), 1e-7);
    expect(out.varianceGradient[k]!).to.be.closeTo((high!.variance - low!.variance) / (2 * STEP), 1e-7);
  }
}

describe('predictTaskWithGradient', () => {
  it('agrees with predictTask and its central differences, for one process and a mixture', () => {
    const out = gradientMoments(2);
    for (const task of [0, 1]) {
      for (const seed of [11, 12, 13]) {
        const x = trainingSet(1, 2, { seed }).X;
        predictTaskWithGradient(process, task, x, out);
        expectGradient((at) => predictTask(process, task, at), x, out);
        predictMixtureWithGradient(mixture, task, x, out);
        expectGradient((at) => predictMixture(mixture, task, at), x, out);
      }
    }
  });

  it('refuses another length and a task that there is not', () => {
    const out = gradientMoments(2);
    expect(() => predictTaskWithGradient(process, 0, new Float64Array(3), out)).to.throw(RangeError, '3');
    expect(() => predictTaskWithGradient(process, 5, new Float64Array(2), out)).to.throw(RangeError, '5');
  });
});
