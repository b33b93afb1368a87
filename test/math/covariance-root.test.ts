import { expect } from 'chai';
import { covarianceRoot } from '../../math/covariance-root.ts';
import { randomStream } from '../../math/random.ts';

describe('covarianceRoot', () => {
  it('multiplies back to a covariance, singular or not', () => {
    const random = randomStream(4, 'root');
    for (const rank of [1, 3, 6]) {
      const m = 6;
      const F = Float64Array.from({ length: m * rank }, () => random.normal());
      const C = product(F, m, rank);
      const back = product(covarianceRoot(C, m), m, m);
      C.forEach((entry, k) => expect(back[k]!).to.be.closeTo(entry, 1e-12));
    }
  });

  it('keeps the variances of a matrix that rounding has made indefinite', () => {
    const C = Float64Array.of(1, 1 + 1e-9, 0.5, 1 + 1e-9, 1, 0.5, 0.5, 0.5, 1e-30);
    const back = product(covarianceRoot(C, 3), 3, 3);
    [1, 1, 1e-30].forEach((variance, i) => expect(back[i * 4]!).to.be.closeTo(variance, 1e-14));
    expect(covarianceRoot(new Float64Array(4), 2)).to.deep.equal(new Float64Array(4));
  });
});

/** FFᵀ, F m×rank. */
function product(F: Float64Array, m: number, rank: number): Float64Array {
  return Float64Array.from({ length: m * m }, (_, entry) => {
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += F[Math.floor(entry / m) * rank + k]! * F[(entry % m) * rank + k]!;
    return sum;
  });
}
