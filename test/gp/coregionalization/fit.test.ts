import { expect } from 'chai';
import { conditionCoregionalized } from '../../../gp/coregionalization/coregionalization.ts';
import { stackTasks } from '../../../gp/coregionalization/data.ts';
import { fitCoregionalized } from '../../../gp/coregionalization/fit.ts';
import { predictTask, predictTaskMany } from '../../../gp/coregionalization/posterior.ts';
import { logLkjDensity } from '../../../gp/coregionalization/prior.ts';
import { fitHyperparameters } from '../../../gp/fit.ts';
import { condition } from '../../../gp/gaussian-process.ts';
import { predictMany } from '../../../gp/posterior.ts';
import { randomStream } from '../../../math/random.ts';
import { drawWorld } from './world.ts';
import { rescaled, trainingSet } from '../training-set.ts';

const WORLD = { counts: [24, 16], dimension: 2, lengthscale: 0.4, noiseVariance: 0.01 } as const;

describe('fitCoregionalized', () => {
  it('tells tasks that agree from tasks that oppose each other', () => {
    for (const sign of [1, -1]) {
      const data = drawWorld({ ...WORLD, correlation: 0.95 * sign }, randomStream(1, 'agree', sign));
      const h = fitCoregionalized(data);
      expect(sign * h.correlation[1]!).to.be.greaterThan(0.6);
      expect(JSON.parse(JSON.stringify(h))).to.deep.equal(h);
      expect(fitCoregionalized(data)).to.deep.equal(h);
    }
  });

  it('is not bettered by any one start, or by a warm start from its own answer', () => {
    const data = drawWorld({ ...WORLD, correlation: 0.5 }, randomStream(2, 'starts'));
    const best = fitCoregionalized(data);
    for (const starts of [1, 2, 3]) {
      expect(fitCoregionalized(data, { starts }).logPosterior).to.be.at.most(best.logPosterior + 1e-4);
    }
    const warm = fitCoregionalized(data, { starts: 0, warmStart: best });
    expect(warm.logPosterior).to.be.closeTo(best.logPosterior, 1e-4);
    expect(warm.logPosterior).to.be.at.least(best.logPosterior - 1e-9);
  });

  it('does not depend on the units of either task', () => {
    const sets = [trainingSet(14, 2, { seed: 1 }), trainingSet(9, 2, { seed: 2 })];
    const x = Float64Array.of(0.3, 0.6);
    const here = stackTasks(sets);
    const there = stackTasks([rescaled(sets[0]!, 1e9, 1e11), rescaled(sets[1]!, -1e-9)]);
    const [h, g] = [fitCoregionalized(here), fitCoregionalized(there)];
    expect(g.logPosterior).to.be.closeTo(h.logPosterior, 1e-5);
    // The second task changes its sign, and with it the correlation.
    expect(g.correlation[1]!).to.be.closeTo(-h.correlation[1]!, 1e-3);
    const a = predictTask(conditionCoregionalized(here, h), 1, x);
    const b = predictTask(conditionCoregionalized(there, g), 1, x);
    expect(b.mean / -1e-9).to.be.closeTo(a.mean, 2e-3);
    expect(b.variance / 1e-18).to.be.closeTo(a.variance, 2e-3);
  });

  it('with one task predicts as the single-task fit does', () => {
    const data = trainingSet(30, 2);
    const probes = trainingSet(10, 2, { seed: 30 }).X;
    const single = predictMany(condition(data, fitHyperparameters(data)), probes);
    const stacked = stackTasks([data]);
    const h = fitCoregionalized(stacked);
    expect(h.correlation).to.deep.equal([1]);
    const found = predictTaskMany(conditionCoregionalized(stacked, h), 0, probes);
    single.mean.forEach((m, i) => {
      expect(found.mean[i]!).to.be.closeTo(m, 0.5 * Math.sqrt(single.variance[i]!));
    });
  });

  it('finds the pattern of three tasks, of which one opposes two others', () => {
    const n = 14;
    const sets = [1, 2, 3].map((seed) => {
      const data = trainingSet(n, 2, { seed, noiseStddev: 0.05 });
      return seed === 3 ? rescaled(data, -1) : data;
    });
    const { correlation, logPosterior } = fitCoregionalized(stackTasks(sets));
    expect(correlation[1]!).to.be.greaterThan(0.6);
    expect(correlation[2]!).to.be.lessThan(-0.6);
    expect(correlation[5]!).to.be.lessThan(-0.6);
    expect(Number.isFinite(logPosterior)).to.equal(true);
  });

  it('holds for one observation a task, constants, and exact repetitions', () => {
    const one = trainingSet(1, 2);
    const constant = {
      ...trainingSet(5, 2),
      y: new Float64Array(5).fill(3),
      noise: { kind: 'none' } as const,
    };
    const repeated = { ...trainingSet(6, 2), X: new Float64Array(12).fill(0.5) };
    for (const sets of [
      [one, one],
      [constant, constant],
      [constant, repeated],
      [{ ...repeated, noise: { kind: 'none' } as const }, one],
    ]) {
      const data = stackTasks(sets);
      const h = fitCoregionalized(data);
      const { mean, variance } = predictTask(conditionCoregionalized(data, h), 1, Float64Array.of(0.1, 0.9));
      expect(Number.isFinite(mean)).to.equal(true);
      expect(variance).to.be.greaterThan(0);
    }
  });

  it('has a correlation near 0 where the tasks say nothing of each other, by the LKJ prior', () => {
    const one = trainingSet(1, 2);
    const { correlation } = fitCoregionalized(stackTasks([one, trainingSet(1, 2, { seed: 8 })]));
    expect(Math.abs(correlation[1]!)).to.be.lessThan(0.05);
    expect(logLkjDensity(Float64Array.of(0), 2, 2, new Float64Array(1))).to.be.closeTo(Math.log(0.75), 1e-14);
  });

  it('refuses starts that it does not have, and a warm start of other tasks', () => {
    const data = stackTasks([trainingSet(4, 2), trainingSet(4, 2, { seed: 2 })]);
    const other = fitCoregionalized(stackTasks([trainingSet(4, 2)]), { starts: 1 });
    expect(() => fitCoregionalized(data, { starts: 9 })).to.throw(RangeError, '9');
    expect(() => fitCoregionalized(data, { starts: 0 })).to.throw(RangeError, '0');
    expect(() => fitCoregionalized(data, { warmStart: other })).to.throw(RangeError, '1');
  });
});
