import { expect } from 'chai';
import * as fc from 'fast-check';
import { mean, median, sampleStddev, sampleVariance } from '../../math/statistics.ts';

describe('statistics', () => {
  it('takes the mean and the n − 1 variance', () => {
    const values = Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9);
    expect(mean(values)).to.equal(5);
    expect(sampleVariance(values)).to.be.closeTo(32 / 7, 1e-15);
    expect(sampleStddev(values)).to.be.closeTo(Math.sqrt(32 / 7), 1e-15);
  });

  it('gives a constant variance 0 exactly', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
        fc.integer({ min: 2, max: 50 }),
        (value, n) => {
          const values = new Float64Array(n).fill(value);
          expect(mean(values)).to.equal(value);
          expect(sampleVariance(values)).to.equal(0);
        },
      ),
    );
  });

  it('keeps its digits at scales 1e-12 and 1e12 and under a big offset', () => {
    const base = Float64Array.of(1, 2, 3, 4, 7, 9.5);
    const expected = sampleStddev(base);
    for (const scale of [1e-12, 1e12]) {
      expect(sampleStddev(base.map((v) => v * scale)) / scale).to.be.closeTo(expected, 1e-14);
    }
    expect(sampleStddev(base.map((v) => v + 2 ** 40))).to.be.closeTo(expected, 1e-14);
  });

  it('takes the middle value, in whatever order, or the mean of the middle two', () => {
    expect(median([7])).to.equal(7);
    expect(median([10, 9, -100])).to.equal(9);
    expect(median([10, 1, 9, 2])).to.equal(5.5);
  });

  it('refuses samples too small to have the statistic', () => {
    expect(() => mean(new Float64Array(0))).to.throw(RangeError);
    expect(() => median([])).to.throw(RangeError, '0');
    expect(() => sampleVariance(Float64Array.of(1))).to.throw(RangeError, '1');
  });
});
