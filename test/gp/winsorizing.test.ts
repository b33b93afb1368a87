import { expect } from 'chai';
import * as fc from 'fast-check';
import { fitHyperparameters } from '../../gp/fit.ts';
import { winsorizing, type Winsorizing } from '../../gp/winsorizing.ts';
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

function transformed(data: TrainingData, { forward, variance }: Winsorizing): TrainingData {
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

describe('winsorizing', () => {
  it('is monotone, the identity within the fences, and never moves a value across the bound', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(finite(1), finite(1e6)), { minLength: 1, maxLength: 20 }),
        finite(1e3),
        (values, bound) => {
          const { forward } = winsorizing(Float64Array.from(values), { bounds: [bound] });
          const sorted = values.toSorted((a, b) => a - b);
          sorted.slice(1).forEach((value, i) => expect(forward(value)).to.be.at.least(forward(sorted[i]!)));
          for (const value of values) {
            expect(Math.sign(forward(value) - bound)).to.equal(Math.sign(value - bound));
          }
          const [low, high] = [forward(sorted[0]!), forward(sorted.at(-1)!)];
          for (const value of values) {
            if (value > low && value < high) expect(forward(value)).to.equal(value);
          }
        },
      ),
    );
  });

  it('takes an outlier to the greatest value within the fences, uncertain by the interquartile range', () => {
    const values = Float64Array.of(1, 2, 3, 4, OUTLIER, 5, 6, 7);
    const { forward, variance } = winsorizing(values);
    expect(forward(OUTLIER)).to.equal(7);
    expect(forward(6.5)).to.equal(6.5);
    // Quartiles 2.5 and 6.5.
    expect(variance(OUTLIER, 0)).to.equal(4 ** 2);
    expect(variance(OUTLIER, NaN)).to.equal(4 ** 2);
    expect(variance(OUTLIER, 100)).to.equal(100);
    expect(variance(5, 0.2)).to.equal(0.2);
  });

  it('takes in one tail where only that is asked for', () => {
    const values = Float64Array.of(1, 2, 3, 4, OUTLIER, -OUTLIER, 5, 6, 7);
    const low = winsorizing(values, { tails: 'low' });
    const high = winsorizing(values, { tails: 'high' });
    expect([low.forward(OUTLIER), low.forward(-OUTLIER)]).to.deep.equal([OUTLIER, 1]);
    expect([high.forward(OUTLIER), high.forward(-OUTLIER)]).to.deep.equal([7, -OUTLIER]);
    expect(low.variance(OUTLIER, 0)).to.equal(0);
    expect(low.variance(-OUTLIER, 0)).to.be.greaterThan(0);
  });

  it('takes a value of share k for k values of share 1, and crowded values for as many as they count', () => {
    const apart = Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7);
    const crowd = Float64Array.from({ length: 40 }, (_, i) => 3 + i / 1e4);
    const values = Float64Array.of(...apart, ...crowd, 60);
    expect(winsorizing(values).forward(0)).to.equal(3);
    const shares = Float64Array.from(values, (_, i) =>
      i >= apart.length && i < values.length - 1 ? 1 / 40 : 1,
    );
    const { forward } = winsorizing(values, { shares });
    expect([forward(0), forward(60)]).to.deep.equal([0, 7]);
    const thrice = winsorizing(Float64Array.of(1, 1, 1, 4, 9, 200));
    const weighted = winsorizing(Float64Array.of(1, 4, 9, 200, 1), {
      shares: Float64Array.of(2, 1, 1, 1, 1),
    });
    expect(weighted.variance(200, 0)).to.equal(thrice.variance(200, 0));
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
