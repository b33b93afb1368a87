import { expect } from 'chai';
import * as fc from 'fast-check';
import { type SlackLine, tightestConstant } from '../../src/optimizer/tightest-constant.ts';

/** (slack's mean) − z·(its standard deviation), which is 0 at the constant that is asked for. */
function excess({ value, unit, valueVariance, covariance, unitVariance }: SlackLine, z: number, c: number) {
  const variance = valueVariance - 2 * c * covariance + c * c * unitVariance;
  return value - c * unit - z * Math.sqrt(Math.max(0, variance));
}

const lines = fc
  .record({
    value: fc.double({ min: -2, max: 2, noNaN: true }),
    unit: fc.double({ min: 0.2, max: 2, noNaN: true }),
    deviation: fc.double({ min: 0.01, max: 0.3, noNaN: true }),
    unitDeviation: fc.double({ min: 0.01, max: 0.3, noNaN: true }),
    correlation: fc.double({ min: -0.99, max: 0.99, noNaN: true }),
  })
  .map(({ value, unit, deviation, unitDeviation, correlation }): SlackLine => ({
    value,
    unit,
    valueVariance: deviation ** 2,
    covariance: correlation * deviation * unitDeviation,
    unitVariance: unitDeviation ** 2,
  }));
const quantiles = fc.constantFrom(-3, 0, 0.3, 1, 1.645, 2.5);

describe('tightestConstant', () => {
  it('is the last c at which the slack is z standard deviations', () => {
    fc.assert(
      fc.property(lines, quantiles, (line, z) => {
        const c = tightestConstant(line, z);
        const far = [0.001, 0.01, 0.1, 1, 10, 100, 1000];
        if (c === undefined) {
          expect(z).to.be.greaterThan(0);
          for (let t = -100; t <= 100; t += 0.5) expect(excess(line, z, t)).to.be.lessThan(1e-9);
        } else if (c === Infinity) {
          expect(z).to.be.lessThan(0);
          for (let t = -100; t <= 100; t += 0.5) expect(excess(line, z, t)).to.be.greaterThan(-1e-9);
        } else {
          const size = 1 + Math.abs(c);
          expect(excess(line, z, c)).to.be.closeTo(0, 1e-6 * size);
          // With z < 0 a far c may meet it again: the bound is then lost in the baseline's noise.
          const beyond = z < 0 ? far.slice(0, 1) : far;
          for (const step of beyond) expect(excess(line, z, c + step * size)).to.be.lessThan(1e-6 * size);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is the ratio where nothing has noise', () => {
    const line = { value: 0.3, unit: 0.4, valueVariance: 0, covariance: 0, unitVariance: 0 };
    expect(tightestConstant(line, 1.645)).to.equal(0.3 / 0.4);
  });

  it('refuses a unit that is not positive', () => {
    const line = { value: 0.3, unit: 0, valueVariance: 0, covariance: 0, unitVariance: 0 };
    expect(() => tightestConstant(line, 1)).to.throw(RangeError, 'must be positive, got 0');
  });
});
