import { expect } from 'chai';
import * as fc from 'fast-check';
import { crossGram, gram, scaleInputs } from '../../gp/kernel.ts';
import { kernelByName } from '../../gp/kernels/kernel-by-name.ts';

const unitRows = (n: number, d: number) =>
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: n * d, maxLength: n * d });

for (const kernel of Object.values(kernelByName)) {
  describe(`kernel ${kernel.name}`, () => {
    it('is 1 at distance 0, positive, and decreasing', () => {
      expect(kernel.value(0)).to.equal(1);
      let last = 1;
      for (let r2 = 1e-6; r2 < 1e3; r2 *= 1.5) {
        const value = kernel.value(r2);
        expect(value).to.be.within(0, last);
        last = value;
      }
    });

    it('has the derivative that central differences give, finite at 0', () => {
      expect(kernel.derivative(0, 1)).to.be.closeTo(kernel.name === 'rbf' ? -1 / 2 : -5 / 6, 1e-15);
      for (const r2 of [0.01, 0.3, 1, 4, 20]) {
        const step = 1e-5 * r2;
        const difference = (kernel.value(r2 + step) - kernel.value(r2 - step)) / (2 * step);
        expect(kernel.derivative(r2, kernel.value(r2))).to.be.closeTo(difference, 1e-8);
      }
    });

    it('gives the same covariances through gram, in its lower triangle, and crossGram', () => {
      fc.assert(
        fc.property(unitRows(5, 3), (rows) => {
          const Z = scaleInputs(Float64Array.from(rows), [0.2, 1, 3]);
          const amplitude = { outputscale: 2.5, meanVariance: 0.3 };
          const whole = gram(kernel, Z, 3, amplitude);
          const cross = crossGram(kernel, Z, Z, 3, amplitude);
          for (let i = 0; i < 5; i++) {
            for (let j = 0; j <= i; j++) expect(whole[5 * i + j]!).to.be.closeTo(cross[5 * i + j]!, 1e-15);
          }
        }),
      );
    });
  });
}

describe('scaleInputs', () => {
  it('makes ARD the same as one lengthscale on stretched inputs', () => {
    expect(Array.from(scaleInputs(Float64Array.of(1, 2, 3, 4), [2, 4]))).to.deep.equal([0.5, 0.5, 1.5, 1]);
  });
});
