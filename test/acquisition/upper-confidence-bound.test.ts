import { expect } from 'chai';
import { upperConfidenceBound } from '../../acquisition/upper-confidence-bound.ts';

describe('upperConfidenceBound', () => {
  it('is the mean and √beta standard deviations, with the slopes that differences give', () => {
    const gradient = new Float64Array(2);
    const unused = new Float64Array(2);
    expect(upperConfidenceBound(1, 4, 9, gradient)).equal(7);
    const step = 1e-6;
    const inVariance =
      (upperConfidenceBound(1, 4 + step, 9, unused) - upperConfidenceBound(1, 4 - step, 9, unused)) /
      (2 * step);
    expect(gradient[0]).equal(1);
    expect(gradient[1]).closeTo(inVariance, 1e-8);
  });

  it('refuses a variance of zero and a negative beta', () => {
    expect(() => upperConfidenceBound(0, 0, 1, new Float64Array(2))).throw(RangeError, 'variance');
    expect(() => upperConfidenceBound(0, 1, -1, new Float64Array(2))).throw(RangeError, 'beta');
  });
});
