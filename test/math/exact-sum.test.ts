import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  addExactly,
  addProductExactly,
  clearExactSum,
  createExactSum,
  roundedSum,
} from '../../math/exact-sum.ts';

/** In units of 2^−2148, of which every product of two doubles is a multiple. */
const SCALE = 2148n;

/** A double as a whole number of units, from its bits. */
function exact(value: number): bigint {
  const bits = new BigUint64Array(Float64Array.of(value).buffer)[0]!;
  const exponent = (bits >> 52n) & 2047n;
  const fraction = bits & ((1n << 52n) - 1n);
  const significand = exponent === 0n ? fraction : fraction | (1n << 52n);
  const power = (exponent === 0n ? 1n : exponent) - 1075n + SCALE;
  return (value < 0 ? -1n : 1n) * (significand << power);
}

function neighbour(value: number, step: 1n | -1n): number {
  if (value === 0) return step === 1n ? Number.MIN_VALUE : -Number.MIN_VALUE;
  const bits = new BigInt64Array(Float64Array.of(value).buffer);
  bits[0]! += value > 0 ? step : -step;
  return new Float64Array(bits.buffer)[0]!;
}

/** Whether no double is nearer to the sum. */
function expectNearest(rounded: number, sum: bigint): void {
  const distance = (value: number): bigint => {
    const difference = exact(value) - sum;
    return difference < 0n ? -difference : difference;
  };
  expect(distance(rounded) <= distance(neighbour(rounded, 1n))).to.equal(true);
  expect(distance(rounded) <= distance(neighbour(rounded, -1n))).to.equal(true);
}

function sumOf(...values: readonly number[]): number {
  const sum = createExactSum();
  for (const each of values) addExactly(sum, each);
  return roundedSum(sum);
}

const value = fc.oneof(
  fc.double({ min: -1e40, max: 1e40, noNaN: true }),
  fc.integer({ min: -1000, max: 1000 }),
  fc.constantFrom(1, 2 ** -53, -(2 ** -53), 2 ** 53, 1e16, -1e16, 0.1),
);

describe('exact sums', () => {
  it('are the double nearest to the true sum, by whole-number arithmetic', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40 }), (values) => {
        const sum = createExactSum();
        for (const each of values) addExactly(sum, each);
        expectNearest(
          roundedSum(sum),
          values.reduce((total, each) => total + exact(each), 0n),
        );
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it('are the same in any order, and after being emptied', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), (values) => {
        const sum = createExactSum();
        for (const each of values) addExactly(sum, each);
        const forward = roundedSum(sum);
        clearExactSum(sum);
        for (const each of values.toReversed()) addExactly(sum, each);
        expect(roundedSum(sum)).to.equal(forward);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('add products without rounding them', () => {
    const factor = fc.double({ min: -1e20, max: 1e20, noNaN: true }).map((each) => {
      // Whose products have no bits below the least double.
      return Math.abs(each) < 1e-100 ? 0 : each;
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(factor, factor), { maxLength: 20 }), (pairs) => {
        const sum = createExactSum();
        for (const [a, b] of pairs) addProductExactly(sum, a, b);
        const total = pairs.reduce((partial, [a, b]) => partial + ((exact(a) * exact(b)) >> SCALE), 0n);
        expectNearest(roundedSum(sum), total);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  it('round a half to even unless something is left of it', () => {
    expect(sumOf()).to.equal(0);
    expect(sumOf(1, 2 ** -53)).to.equal(1);
    expect(sumOf(1, 2 ** -53, 2 ** -120)).to.equal(1 + 2 ** -52);
    expect(sumOf(1e16, 1, -1e16)).to.equal(1);
  });
});
