import { expect } from 'chai';
import { fitHyperparameters } from '../../gp/fit.ts';
import { appendObservation, condition } from '../../gp/gaussian-process.ts';
import { predictMany } from '../../gp/posterior.ts';
import { standardization } from '../../gp/standardize.ts';
import type { TrainingData } from '../../gp/training-data.ts';
import { restated } from './restated.ts';
import { trainingSet } from './training-set.ts';

describe('condition', () => {
  it('refuses malformed data, naming the value', () => {
    const data = trainingSet(4, 2);
    const h = fitHyperparameters(data, { starts: 1 });
    const known = (variance: Float64Array): TrainingData => ({ ...data, noise: { kind: 'known', variance } });
    const malformed: readonly (readonly [TrainingData, string])[] = [
      [{ ...data, X: new Float64Array(7) }, '7'],
      [{ ...data, X: new Float64Array(0), y: new Float64Array(0) }, '0'],
      [{ ...data, dimension: 0 }, '0'],
      [{ ...data, y: data.y.with(1, NaN) }, 'NaN'],
      [{ ...data, X: data.X.with(1, Infinity) }, 'Infinity'],
      [known(new Float64Array(3)), '3'],
      [known(Float64Array.of(1, 1, -2, 1)), '-2'],
    ];
    for (const [bad, value] of malformed) {
      expect(() => condition(bad, h)).to.throw(RangeError, value);
      expect(() => fitHyperparameters(bad)).to.throw(RangeError, value);
    }
    expect(() => condition(data, { ...h, lengthscales: [1] })).to.throw(RangeError, '1');
  });
});

describe('appendObservation', () => {
  it('equals conditioning on all observations at once, for new and repeated points', () => {
    const n = 12;
    const all = trainingSet(n, 3, {
      noise: {
        kind: 'known',
        variance: Float64Array.from({ length: n }, (_, i) => (i % 3 ? 0.01 * i : NaN)),
      },
    });
    all.X.set(all.X.subarray(0, 3), 9 * 3);
    const { y, X, noise } = all;
    if (noise.kind !== 'known') throw new Error('unreachable');
    const head: TrainingData = {
      ...all,
      X: X.slice(0, 24),
      y: y.slice(0, 8),
      noise: { kind: 'known', variance: noise.variance.slice(0, 8) },
    };
    const h = fitHyperparameters(head);
    let gp = condition(head, h);
    for (let i = 8; i < n; i++) {
      const variance = noise.variance[i]!;
      const x = X.subarray(i * 3, i * 3 + 3);
      gp = Number.isNaN(variance)
        ? appendObservation(gp, x, y[i]!)
        : appendObservation(gp, x, y[i]!, variance);
    }
    expect(gp.size).to.equal(n);
    const translated = condition(all, restated(h, gp.standardization, standardization(y)));
    const probes = trainingSet(20, 3, { seed: 5 }).X;
    const grown = predictMany(gp, probes);
    const direct = predictMany(translated, probes);
    for (let i = 0; i < 20; i++) {
      expect(grown.mean[i]!).to.be.closeTo(direct.mean[i]!, 1e-10);
      expect(grown.variance[i]!).to.be.closeTo(direct.variance[i]!, 1e-10);
    }
  });

  it('believes its own prediction: a fantasy at the mean moves no mean', () => {
    const data = trainingSet(15, 2);
    const gp = condition(data, fitHyperparameters(data, { starts: 1 }));
    const probes = trainingSet(10, 2, { seed: 9 }).X;
    const x = Float64Array.of(0.3, 0.8);
    const before = predictMany(gp, probes);
    const after = predictMany(appendObservation(gp, x, predictMany(gp, x).mean[0]!), probes);
    for (let i = 0; i < 10; i++) {
      expect(after.mean[i]!).to.be.closeTo(before.mean[i]!, 1e-10);
      expect(after.variance[i]!).to.be.at.most(before.variance[i]! + 1e-12);
    }
  });
});
