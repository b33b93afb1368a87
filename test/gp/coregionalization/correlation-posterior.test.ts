import { expect } from 'chai';
import { conditionCoregionalized } from '../../../gp/coregionalization/coregionalization.ts';
import { correlationPosterior } from '../../../gp/coregionalization/correlation-posterior.ts';
import { stackTasks } from '../../../gp/coregionalization/data.ts';
import { fitCoregionalized } from '../../../gp/coregionalization/fit.ts';
import {
  conditionMixture,
  jointMixture,
  predictMixture,
  predictMixtureMany,
} from '../../../gp/coregionalization/mixture.ts';
import { jointTaskPosterior } from '../../../gp/coregionalization/posterior.ts';
import { posteriorSamples } from '../../../gp/posterior-samples.ts';
import { randomStream } from '../../../math/random.ts';
import { intervalCoverage } from './coverage.ts';
import { drawWorld } from './world.ts';
import { trainingSet } from '../training-set.ts';

const REPETITIONS = 40;
const NOMINAL = 0.95;
const WORLD = { counts: [12, 8], dimension: 2, lengthscale: 0.4, noiseVariance: 0.02 } as const;

const data = drawWorld({ ...WORLD, correlation: 0.7 }, randomStream(1, 'mixture'));
const fit = fitCoregionalized(data);
const posterior = correlationPosterior(data, fit);

describe('correlationPosterior', () => {
  it('has nodes over (−1, 1) with weights that add up to one, and an interval around its mean', () => {
    const { nodes, mean, interval } = posterior;
    expect(nodes.length).to.equal(41);
    expect(nodes.reduce((sum, { weight }) => sum + weight, 0)).to.be.closeTo(1, 1e-12);
    nodes.forEach(({ correlation, hyperparameters }) =>
      expect(hyperparameters.correlation[1]!).to.be.closeTo(correlation, 1e-12),
    );
    expect(mean).to.be.within(interval[0], interval[1]);
  });

  it('is the prior, 3(1 − ρ²)/4, where the tasks say nothing of each other', () => {
    const silent = stackTasks([trainingSet(1, 2), trainingSet(1, 2, { seed: 8 })]);
    const { nodes, mean, interval } = correlationPosterior(silent, fitCoregionalized(silent));
    expect(mean).to.be.closeTo(0, 1e-3);
    // P(|ρ| ≤ 0.8114) = 0.95 under LKJ(2).
    expect(interval[0]).to.be.closeTo(-0.8114, 0.01);
    expect(interval[1]).to.be.closeTo(0.8114, 0.01);
    expect(nodes[20]!.correlation).to.be.closeTo(0, 1e-15);
  });

  it('does not depend on how fine the grid is', () => {
    const coarse = correlationPosterior(data, fit, { points: 21 });
    expect(coarse.mean).to.be.closeTo(posterior.mean, 0.01);
    coarse.interval.forEach((end, k) => expect(end).to.be.closeTo(posterior.interval[k]!, 0.03));
  });

  for (const correlation of [-0.8, 0, 0.8]) {
    it(`has the true ${correlation} in its 95 % interval at that rate, within 2 standard errors of ${REPETITIONS} worlds`, () => {
      const { share } = intervalCoverage(REPETITIONS, 'quick', () => correlation);
      const error = Math.sqrt((NOMINAL * (1 - NOMINAL)) / REPETITIONS);
      expect(share).to.be.closeTo(NOMINAL, 2 * error);
    });
  }

  it('refuses other than two tasks, and an even number of points', () => {
    const three = stackTasks([1, 2, 3].map((seed) => trainingSet(3, 2, { seed })));
    const ofThree = fitCoregionalized(three, { starts: 1 });
    expect(() => correlationPosterior(three, ofThree)).to.throw(RangeError, '3');
    expect(() => correlationPosterior(data, fit, { points: 40 })).to.throw(RangeError, '40');
  });
});

describe('predictMixture', () => {
  const mixture = conditionMixture(data, posterior);
  const X = trainingSet(4, 2, { seed: 20 }).X;

  it('has the moments of samples drawn from the nodes by weight, within 4.5 standard errors', () => {
    const draws = 20_000;
    const random = randomStream(3, 'mixture-samples');
    const tasks = [0, 1, 1, 0];
    const { mean, covariance } = jointMixture(mixture, tasks, X);
    const samples = mixture.components.flatMap(({ weight, process }) => {
      const joint = jointTaskPosterior(process, tasks, X);
      return Array.from(posteriorSamples(joint, Math.round(weight * draws), random));
    });
    const count = samples.length / 4;
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j <= i; j++) {
        let first = 0;
        let product = 0;
        for (let k = 0; k < samples.length; k += 4) {
          first += (samples[k + i]! - mean[i]!) / count;
          product += ((samples[k + i]! - mean[i]!) * (samples[k + j]! - mean[j]!)) / count;
        }
        const [vi, vj, c] = [5 * i, 5 * j, 4 * i + j].map((entry) => covariance[entry]!);
        expect(first).to.be.closeTo(0, 4.5 * Math.sqrt(vi! / count));
        expect(product).to.be.closeTo(c!, 6 * Math.sqrt((vi! * vj! + c! * c!) / count));
      }
    }
  });

  it('agrees with the joint moments of the mixture, at one point and many', () => {
    for (const task of [0, 1]) {
      const many = predictMixtureMany(mixture, task, X);
      const joint = jointMixture(mixture, [task, task, task, task], X);
      for (let i = 0; i < 4; i++) {
        const one = predictMixture(mixture, task, X.slice(2 * i, 2 * i + 2));
        expect(many.mean[i]!).to.be.closeTo(joint.mean[i]!, 1e-12);
        expect(many.variance[i]!).to.be.closeTo(joint.covariance[5 * i]!, 1e-12);
        expect(one.mean).to.be.closeTo(many.mean[i]!, 1e-12);
        expect(one.variance).to.be.closeTo(many.variance[i]!, 1e-12);
      }
    }
  });

  it('is one process where one node has all the weight', () => {
    const sure = { ...posterior, nodes: [{ correlation: 0.7, weight: 1, hyperparameters: fit }] };
    const expected = jointTaskPosterior(conditionCoregionalized(data, fit), [1, 0, 0, 1], X);
    const found = jointMixture(conditionMixture(data, sure), [1, 0, 0, 1], X);
    expected.covariance.forEach((c, k) => expect(found.covariance[k]!).to.be.closeTo(c, 1e-15));
  });
});
