import { expect } from 'chai';
import { studentTCdf } from '../../math/student-t.ts';

/** scipy 1.17.1, scipy.stats.t.cdf at these points. */
const POINTS = [-3.5, -0.4, 0, 1.3, 20];
const SCIPY: Readonly<Record<number, readonly number[]>> = {
  1: [0.08858553278290476, 0.3788810584091566, 0.5, 0.7912855998398473, 0.9840977487438236],
  2: [0.036413675027234665, 0.36391723651204566, 0.5, 0.8383764840919798, 0.9987546680538164],
  3: [0.019740518809641387, 0.35796757698718507, 0.5, 0.8577662456360515, 0.9998633983748764],
  4: [0.012448081730111374, 0.3547986307149984, 0.5, 0.868274201764388, 0.9999815584470985],
  9: [0.0033617578815294796, 0.3492420458356827, 0.5, 0.8870468136634754, 0.9999999954602393],
  10: [0.002863252714942605, 0.34878370482956145, 0.5, 0.8886170913965777, 0.9999999989269689],
  200: [0.0002867700374914997, 0.34479170216304766, 0.5, 0.9024514053455719, 1],
};

describe('studentTCdf', () => {
  it('agrees with scipy', () => {
    for (const [degrees, values] of Object.entries(SCIPY)) {
      values.forEach((value, i) =>
        expect(studentTCdf(POINTS[i]!, Number(degrees))).to.be.closeTo(value, 1e-12),
      );
    }
  });

  it('is the integral of its density', () => {
    for (const degrees of [1, 2, 5, 8]) {
      const density = (t: number): number => (1 + (t * t) / degrees) ** (-(degrees + 1) / 2);
      let total = 0;
      let below = 0;
      const step = 1e-3;
      // t = tan θ, dt = (1 + t²) dθ
      for (let angle = -Math.PI / 2 + step / 2; angle < Math.PI / 2; angle += step) {
        const t = Math.tan(angle);
        const mass = density(t) * (1 + t * t) * step;
        total += mass;
        if (t <= 0.7) below += mass;
      }
      expect(studentTCdf(0.7, degrees)).to.be.closeTo(below / total, 1e-3);
    }
    expect(() => studentTCdf(1, 0)).to.throw(RangeError, '0 degrees');
  });
});
