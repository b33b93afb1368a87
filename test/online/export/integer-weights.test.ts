import { expect } from 'chai';
import * as fc from 'fast-check';
import { integerWeights } from '../../../src/online/export/integer-weights.ts';

const shares = fc
  .array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 12 })
  .filter((values) => values.some((value) => value > 0));

describe('integerWeights', () => {
  it('adds up to the total exactly, each weight less than 1 from its quota', () => {
    fc.assert(
      fc.property(shares, fc.integer({ min: 1, max: 100_000 }), (values, total) => {
        const weights = integerWeights(values, total);
        const sum = values.reduce((partial, value) => partial + value, 0);
        expect(weights.reduce((partial, weight) => partial + weight, 0)).equal(total);
        // The quota carries a rounding error of its own.
        weights.forEach((weight, i) =>
          expect(Math.abs(weight - (values[i]! / sum) * total)).below(1 + 1e-9 * total),
        );
      }),
    );
  });

  it('is as near to the quotas as any whole numbers of that sum', () => {
    const share = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(share, share, share, fc.integer({ min: 1, max: 20 }), (a, b, c, total) => {
        const quotas = [a, b, c].map((value) => (value * total) / (a + b + c));
        const distance = (weights: readonly number[]): number =>
          weights.reduce((sum, weight, i) => sum + (weight - quotas[i]!) ** 2, 0);
        let least = Infinity;
        for (let i = 0; i <= total; i++) {
          for (let j = 0; i + j <= total; j++) least = Math.min(least, distance([i, j, total - i - j]));
        }
        expect(distance(integerWeights([a, b, c], total))).closeTo(least, 1e-9);
      }),
    );
  });

  it('gives what is left to the largest remainders, and of equal ones to the first', () => {
    expect(integerWeights([1, 1, 1], 100)).deep.equal([34, 33, 33]);
    expect(integerWeights([1, 1, 1], 1000)).deep.equal([334, 333, 333]);
    expect(integerWeights([47, 16, 15.9, 12, 6, 3.1], 10)).deep.equal([5, 2, 1, 1, 1, 0]);
  });

  it('refuses what are no shares', () => {
    expect(() => integerWeights([1, -1], 10)).throw(RangeError, 'share -1');
    expect(() => integerWeights([1, Number.NaN], 10)).throw(RangeError, 'share NaN');
    expect(() => integerWeights([0, 0], 10)).throw(RangeError, 'add up to 0');
    expect(() => integerWeights([1e308, 1e308], 10)).throw(RangeError, 'add up to Infinity');
    expect(() => integerWeights([1], 0)).throw(RangeError, 'add up to 0');
    expect(() => integerWeights([1], 1.5)).throw(RangeError, 'add up to 1.5');
  });
});
