import { expect } from 'chai';
import * as fc from 'fast-check';
import { normalQuantile } from '../../math/normal-quantile.ts';

/** [p, Φ⁻¹(p)] by mpmath 1.3 at 40 digits, p the exact double. */
const QUANTILES = [
  [1e-300, -37.0470962993612],
  [1e-100, -21.273453560965326],
  [1e-20, -9.262340089798407],
  [1e-11, -6.706023155495136],
  [1.3887943864964021e-11, -6.657904643501103],
  [2e-11, -6.604077590405634],
  [3e-10, -6.1904308113947675],
  [1e-5, -4.264890793922825],
  [0.001, -3.0902323061678136],
  [0.02425, -1.972961051311885],
  [0.07, -1.4757910281791706],
  [0.0749, -1.4402382675279637],
  [0.0751, -1.43882539275254],
  [0.1, -1.2815515655446004],
  [0.3, -0.5244005127080408],
  [0.4999, -0.00025066283008800747],
  [0.5, 0.0],
  [0.5000001, 2.506628273311648e-7],
  [0.6, 0.2533471031357997],
  [0.9249, 1.4388253927525403],
  [0.9251, 1.440238267527964],
  [0.99, 2.3263478740408408],
  [0.99999, 4.264890793923841],
  [0.9999999998835847, 6.3379577545537895],
  [0.9999999999999999, 8.209536151601387],
  [1.1641532182693481e-10, -6.3379577545537895],
] as const;

describe('normalQuantile', () => {
  it('agrees with mpmath to 1e-14 relative, across the borders of its regions', () => {
    for (const [p, quantile] of QUANTILES) {
      expect(Math.abs(normalQuantile(p) - quantile), `p = ${p}`).at.most(1e-14 * Math.abs(quantile));
    }
  });

  it('is odd about one half and increasing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (numerator) => {
        const p = numerator / 2 ** 31;
        expect(normalQuantile(1 - p) + normalQuantile(p)).equal(0);
        expect(normalQuantile(p + 2 ** -31)).above(normalQuantile(p));
      }),
    );
  });

  it('is infinite at 0 and 1, and refuses what is no probability', () => {
    expect(normalQuantile(0)).equal(-Infinity);
    expect(normalQuantile(1)).equal(Infinity);
    for (const p of [-1e-9, 1.1, NaN]) expect(() => normalQuantile(p)).throw(RangeError, `${p}`);
  });
});
