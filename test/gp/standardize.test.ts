import { expect } from 'chai';
import * as fc from 'fast-check';
import { sampleVariance, mean } from '../../math/statistics.ts';
import { isConstant, standardization, standardize } from '../../gp/standardize.ts';

describe('standardization', () => {
  it('gives mean 0 and variance 1 at any scale and offset', () => {
    const scales = fc.constantFrom(1e-12, 1e-3, 1, 1e12);
    const outputs = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 20 });
    fc.assert(
      fc.property(
        outputs,
        scales,
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        (values, scale, offset) => {
          const y = Float64Array.from([0, 1, ...values], (v) => (v + offset) * scale);
          const z = standardize(y, standardization(y));
          expect(mean(z)).to.be.closeTo(0, 1e-11);
          expect(sampleVariance(z)).to.be.closeTo(1, 1e-11);
        },
      ),
    );
  });

  it('leaves outputs that are already standardised alone', () => {
    const raw = Float64Array.of(3, 1, 4, 1, 5);
    const y = standardize(raw, standardization(raw));
    standardize(y, standardization(y)).forEach((value, i) => expect(value).to.be.closeTo(y[i]!, 1e-14));
  });

  it('takes one output or a constant for its unit, also up to rounding, and 1 where that has no square', () => {
    const lists = [[7], [-7], [1e12, 1e12], [1e-12, 1e-12, 1e-12], [0.1 + 0.2, 0.3, 0.3]];
    for (const y of lists.map((list) => Float64Array.from(list))) {
      expect(standardization(y).stddev / Math.abs(y[0]!), String(y)).to.be.closeTo(1, 1e-15);
      expect(standardization(y, { kind: 'inferred' }), String(y)).to.deep.equal(standardization(y));
      expect(isConstant(y), String(y)).to.equal(true);
    }
    for (const tiny of [0, 5e-324, -1e-160]) {
      expect(standardization(Float64Array.of(tiny, tiny)).stddev).to.equal(1);
    }
    expect(isConstant(Float64Array.of(1e-12, 1e-12 + 1e-24))).to.equal(false);
  });

  it('takes the root mean square of the known standard errors above 0 for the unit of a constant, no other outputs', () => {
    const noise = { kind: 'known', variance: Float64Array.of(0, 9, NaN, 16) } as const;
    expect(standardization(new Float64Array(4).fill(100), noise).stddev).to.equal(Math.sqrt(12.5));
    const unknown = { kind: 'known', variance: Float64Array.of(0, NaN) } as const;
    expect(standardization(Float64Array.of(5, 5), unknown).stddev).to.equal(5);
    const y = Float64Array.of(1, 2, 4, 8);
    expect(standardization(y, noise)).to.deep.equal(standardization(y));
  });

  it('takes the rounding of a constant for nothing, however large the constant', () => {
    for (const size of [1e12, 1e17, 1e100, 1e150]) {
      const y = Float64Array.of(size, size * (1 + 2 * Number.EPSILON), size * (1 - Number.EPSILON));
      for (const value of standardize(y, standardization(y))) expect(Math.abs(value)).to.be.at.most(1);
    }
  });
});
