import { expect } from 'chai';
import { liftMoments } from '../../../src/online/transfer/lift-moments.ts';

describe('liftMoments', () => {
  it('are the mean and the covariance over draws', () => {
    const { mean, covariance } = liftMoments(Float64Array.of(1, 10, 2, 14, 6, 12), 2);
    expect(Array.from(mean)).to.deep.equal([3, 12]);
    // ((−2)² + (−1)² + 3²)/2, (−2·−2 − 1·2 + 3·0)/2, (4 + 4 + 0)/2.
    [7, 1, 1, 4].forEach((value, at) => expect(covariance[at]).to.be.closeTo(value, 1e-14));
  });

  it('are refused of what is no two draws', () => {
    expect(() => liftMoments(Float64Array.of(1, 2, 3), 2)).to.throw(
      RangeError,
      '3 numbers are not draws of 2',
    );
    expect(() => liftMoments(Float64Array.of(1, 2), 2)).to.throw(RangeError);
  });
});
