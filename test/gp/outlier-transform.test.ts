import { expect } from 'chai';
import * as fc from 'fast-check';
import { fitHyperparameters } from '../../gp/fit.ts';
import {
  bilog,
  bilogScale,
  compose,
  winsorizing,
  type OutlierTransform,
} from '../../gp/outlier-transform.ts';
import type { NoiseModel, TrainingData } from '../../gp/training-data.ts';
import { trainingSet } from './training-set.ts';

/** Finite numbers, without those whose differences underflow. */
const finite = (limit: number) =>
  fc.double({ min: -limit, max: limit, noNaN: true }).map((value) => (Math.abs(value) < 1e-100 ? 0 : value));
const SIZE = 40;
const NOISE_STDDEV = 0.05;
/** The outputs are 1 + 0.1·(a smooth function of about ±1). */
const SPREAD = 0.1;
const OUTLIER = 1e6;

function nearOne(seed: number, noise: NoiseModel): TrainingData {
  const data = trainingSet(SIZE, 2, { seed, noise, noiseStddev: noise.kind === 'none' ? 0 : NOISE_STDDEV });
  return { ...data, y: data.y.map((value) => 1 + SPREAD * value) };
}

function without(data: TrainingData, left: number): TrainingData {
  const noise = data.noise;
  return {
    ...data,
    X: data.X.filter((_, entry) => Math.floor(entry / data.dimension) !== left),
    y: data.y.filter((_, i) => i !== left),
    noise:
      noise.kind === 'known'
        ? { kind: 'known', variance: noise.variance.filter((_, i) => i !== left) }
        : noise,
  };
}

function transformed(data: TrainingData, { forward, variance }: OutlierTransform): TrainingData {
  const { noise, y } = data;
  const raw = noise.kind === 'known' ? noise.variance : new Float64Array(y.length);
  return {
    ...data,
    y: y.map(forward),
    noise: { kind: 'known', variance: raw.map((v, i) => variance(y[i]!, v)) },
  };
}

function expectNear(data: TrainingData, reference: TrainingData): void {
  const expected = fitHyperparameters(reference).lengthscales;
  fitHyperparameters(data).lengthscales.forEach((lengthscale, k) =>
    expect(lengthscale / expected[k]!).to.be.within(0.9, 1.1),
  );
}

describe('bilog', () => {
  it('rises with the value, keeps the side of the bound, and has its inverse', () => {
    fc.assert(
      fc.property(
        finite(1e9),
        finite(1e9),
        finite(10),
        fc.constantFrom(1e-6, 1, 1e6),
        (a, b, bound, scale) => {
          const { forward, inverse } = bilog(bound, scale);
          const [low, high] = a < b ? [a, b] : [b, a];
          expect(forward(low)).to.be.at.most(forward(high));
          expect(Math.sign(forward(a))).to.equal(Math.sign(a - bound));
          expect(inverse(forward(a))!).to.be.closeTo(a, 1e-12 * (Math.abs(a) + Math.abs(bound) + scale));
        },
      ),
    );
  });

  it('is sign(u)·log(1 + |u|), with the slope of central differences in its variance', () => {
    const { forward, variance } = bilog(2, 0.5);
    expect(forward(4)).to.be.closeTo(Math.log(5), 1e-15);
    expect(forward(0)).to.be.closeTo(-Math.log(5), 1e-15);
    for (const value of [-30, 1.9, 2.2, 70]) {
      const slope = (forward(value + 1e-5) - forward(value - 1e-5)) / 2e-5;
      expect(variance(value, 0.3)).to.be.closeTo(0.3 * slope * slope, 1e-8);
    }
    expect(Number.isNaN(variance(3, NaN))).to.equal(true);
  });

  it('has a scale that follows the values, and 1 where they sit on the bound', () => {
    expect(bilogScale(Float64Array.of(1, 2, 5, 1e9), 0)).to.equal(3.5);
    expect(bilogScale(Float64Array.of(2, 2, 2), 2)).to.equal(1);
  });

  it('refuses a bound that is not finite, a scale that is not positive, and no values', () => {
    expect(() => bilog(NaN, 1)).to.throw(RangeError, 'NaN');
    expect(() => bilog(0, 0)).to.throw(RangeError, '0');
    expect(() => bilogScale(new Float64Array(0), 0)).to.throw(RangeError, '0 values');
  });
});

describe('winsorizing', () => {
  it('is monotone, the identity within the fences, and never moves a value across the bound', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(finite(1), finite(1e6)), { minLength: 1, maxLength: 20 }),
        finite(1e3),
        (values, bound) => {
          const { forward, inverse } = winsorizing(Float64Array.from(values), bound);
          const sorted = values.toSorted((a, b) => a - b);
          sorted.slice(1).forEach((value, i) => expect(forward(value)).to.be.at.least(forward(sorted[i]!)));
          for (const value of values) {
            expect(Math.sign(forward(value) - bound)).to.equal(Math.sign(value - bound));
            const back = inverse(forward(value));
            if (back !== undefined) expect(back).to.equal(value);
          }
        },
      ),
    );
  });

  it('takes an outlier to the greatest value within the fences, uncertain by the interquartile range', () => {
    const values = Float64Array.of(1, 2, 3, 4, OUTLIER, 5, 6, 7);
    const { forward, inverse, variance } = winsorizing(values);
    expect(forward(OUTLIER)).to.equal(7);
    expect(forward(6.5)).to.equal(6.5);
    expect(inverse(6.5)).to.equal(6.5);
    expect(inverse(7)).to.equal(undefined);
    // Quartiles 2.75 and 6.25.
    expect(variance(OUTLIER, 0)).to.equal(3.5 ** 2);
    expect(variance(OUTLIER, NaN)).to.equal(3.5 ** 2);
    expect(variance(OUTLIER, 100)).to.equal(100);
    expect(variance(5, 0.2)).to.equal(0.2);
  });

  it('leaves values without spread alone, and few of them', () => {
    for (const values of [[1], [1, 1e6, 2], [1, 1, 1, 1, 1e6], [0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2, 1]]) {
      const { forward } = winsorizing(Float64Array.from(values));
      for (const value of values) expect(forward(value)).to.equal(value);
    }
    expect(() => winsorizing(new Float64Array(0))).to.throw(RangeError, '0 values');
  });

  it('keeps the lengthscales within 10 % of those without an outlier of 10⁶, wherever it is', () => {
    const known = {
      kind: 'known',
      variance: new Float64Array(SIZE).fill((SPREAD * NOISE_STDDEV) ** 2),
    } as const;
    for (const noise of [{ kind: 'none' }, known] as const) {
      for (const [seed, at] of [
        [1, 3],
        [2, 7],
        [3, 20],
        [4, 11],
      ] as const) {
        const data = nearOne(seed, noise);
        const spoilt = { ...data, y: data.y.with(at, OUTLIER) };
        expectNear(transformed(spoilt, winsorizing(spoilt.y)), without(data, at));
      }
    }
  });

  it('keeps them under inferred noise where the outlier is an exaggerated maximum', () => {
    for (const seed of [1, 2, 3, 4]) {
      const data = nearOne(seed, { kind: 'inferred' });
      const at = data.y.reduce((best, value, i) => (value > data.y[best]! ? i : best), 0);
      const spoilt = { ...data, y: data.y.with(at, OUTLIER) };
      expectNear({ ...data, y: spoilt.y.map(winsorizing(spoilt.y).forward) }, without(data, at));
    }
  });
});

describe('compose', () => {
  it('winsorises first, so that the bi-logarithm of an outlier of 10⁶ leaves the lengthscales within 10 % too', () => {
    const bound = 1.02;
    for (const seed of [1, 2, 3, 4]) {
      const data = nearOne(seed, { kind: 'none' });
      const at = 5 * seed;
      const spoilt = { ...data, y: data.y.with(at, OUTLIER) };
      const tamed = bilog(bound, bilogScale(spoilt.y, bound));
      const both = compose(winsorizing(spoilt.y, bound), tamed);
      expectNear(transformed(spoilt, both), transformed(without(data, at), tamed));
      expect(both.inverse(both.forward(1.01))!).to.be.closeTo(1.01, 1e-14);
      expect(both.inverse(both.forward(OUTLIER))).to.equal(undefined);
    }
  });
});
