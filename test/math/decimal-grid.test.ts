import { expect } from 'chai';
import * as fc from 'fast-check';
import { approximateUnits, decimalGrid, exactUnits, fromUnits } from '../../math/decimal-grid.ts';

/** The greatest power of ten that is a double. */
const GREATEST_POWER = 308;

const digits = fc.integer({ min: 1, max: 1e13 - 1 });
const exponents = fc.integer({ min: -300, max: 290 });

describe('a decimal grid', () => {
  it('resolves 1e-12 of a size, whichever power of ten that is', () => {
    for (let power = -290; power <= 300; power++) {
      for (const leading of ['1', '9.999999999999']) {
        expect(decimalGrid(Number(`${leading}e${power}`)).exponent).to.equal(power - 12);
      }
    }
    for (const size of [0, -1, NaN, Infinity])
      expect(() => decimalGrid(size)).to.throw(RangeError, `${size}`);
  });

  it('scales by the double nearest to each power of ten, on every version of Node', () => {
    for (let k = 0; k <= GREATEST_POWER; k++) {
      const power = Number(`1e${k}`);
      expect(approximateUnits(1, { exponent: -k }), `1 in units of 1e-${k}`).to.equal(power);
      expect(approximateUnits(power, { exponent: k }), `1e${k} in units of 1e${k}`).to.equal(1);
    }
  });

  it('gives back whole units of 13 digits, exactly and to 0.01', () => {
    fc.assert(
      fc.property(digits, exponents, (units, exponent) => {
        const value = fromUnits(units, { exponent });
        expect(exactUnits(value, { exponent })).to.equal(BigInt(units));
        expect(approximateUnits(value, { exponent })).to.be.closeTo(units, 0.01);
      }),
    );
  });

  it('has no whole units for digits finer than it', () => {
    expect(exactUnits(0.125, { exponent: -2 })).to.equal(undefined);
    expect(exactUnits(0.125, { exponent: -3 })).to.equal(125n);
  });
});
