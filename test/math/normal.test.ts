import { expect } from 'chai';
import { erfcx } from '../../math/erfcx.ts';
import {
  log1mexp,
  logH,
  logHDerivative,
  logNormalCdf,
  logNormalCdfDerivative,
  logNormalPdf,
  normalCdf,
} from '../../math/normal.ts';
import { readGolden } from '../golden/read-golden.ts';

interface NormalGolden {
  readonly log_h: readonly [number, number][];
  readonly log_cdf: readonly [number, number][];
  readonly erfcx: readonly [number, number][];
}

/** [x, exp(x²)·erfc(x)] by mpmath 1.3 at 80 digits or more, x the exact double. */
const ERFCX = [
  [-5.3, 3164914574749.34],
  [-2.7, 2930.94452028064],
  [-0.4, 1.676233956688859],
  [1e-5, 0.9999887163083283],
  [0.31, 0.727775619601146],
  [1.7, 0.2916632970753435],
  [3.75, 0.14558972127503855],
  [9.9, 0.05670245693883227],
  [80, 0.007051818957039103],
  [1e5, 5.6418958351954685e-6],
] as const;

/** [u, Φ/h, φ/Φ] by mpmath 1.3 at 200 digits. */
const SLOPES = [
  [-1000, 1000.001999994, 1000.000999998],
  [-120, 120.01666319613118, 120.0083321763276],
  [-99.5, 99.52009441590732, 99.51004822197838],
  [-30, 30.06644615416242, 30.033259667433676],
  [-5, 5.361816241288088, 5.186503967125842],
  [-1, 1.9042712333296918, 1.525135276160981],
  [-0.5, 1.5598731483480797, 1.1410777703680646],
  [0.7, 0.8993414344117393, 0.41192475041929066],
  [6, 0.16666666649789214, 6.075882855817676e-9],
] as const;

/** The golden values carry 60 digits, so that log Φ(20) = −2.8e-89 is recorded there as 0. */
const GOLDEN_RESOLUTION = 1e-60;

function relativeError(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.max(Math.abs(expected), GOLDEN_RESOLUTION);
}

describe('normal', () => {
  const golden = readGolden<NormalGolden>('normal');

  it('agrees with the golden erfcx, log Φ and log h to 1e-12 relative', () => {
    for (const [x, value] of golden.erfcx) expect(relativeError(erfcx(x), value), `erfcx(${x})`).below(1e-12);
    for (const [u, value] of golden.log_cdf) {
      expect(relativeError(logNormalCdf(u), value), `log Φ(${u})`).below(1e-12);
    }
    for (const [u, value] of golden.log_h) expect(relativeError(logH(u), value), `log h(${u})`).below(1e-12);
  });

  it('computes erfcx to 1e-15 relative', () => {
    for (const [x, value] of ERFCX) expect(relativeError(erfcx(x), value), `erfcx(${x})`).below(1e-15);
  });

  it('computes both slopes to 1e-11 relative, and to 1e-14 where nothing cancels', () => {
    for (const [u, hSlope, cdfSlope] of SLOPES) {
      const cancels = u <= -5 && u >= -100;
      expect(relativeError(logHDerivative(u), hSlope), `h'(${u})`).below(cancels ? 1e-11 : 1e-14);
      expect(relativeError(logNormalCdfDerivative(u), cdfSlope), `Φ'(${u})`).below(1e-14);
    }
  });

  it('states slopes that are the differences of its values', () => {
    for (const u of [-40, -7.3, -1.5, -1, -0.2, 0, 0.4, 3]) {
      const step = 1e-5;
      const hDifference = (logH(u + step) - logH(u - step)) / (2 * step);
      const cdfDifference = (logNormalCdf(u + step) - logNormalCdf(u - step)) / (2 * step);
      expect(relativeError(logHDerivative(u), hDifference), `h at ${u}`).below(1e-6);
      expect(relativeError(logNormalCdfDerivative(u), cdfDifference), `Φ at ${u}`).below(1e-6);
    }
  });

  it('is continuous and increasing across every threshold', () => {
    for (const threshold of [-1e6, -100, -1, 0]) {
      const nudge = Math.max(1, Math.abs(threshold)) * 1e-9;
      for (const f of [logH, logNormalCdf]) {
        const below = f(threshold - nudge);
        const above = f(threshold + nudge);
        expect(above, `${f.name} at ${threshold}`).above(below);
        expect(relativeError(above, below), `${f.name} at ${threshold}`).below(1e-8);
      }
      const slopeGap = relativeError(logHDerivative(threshold - nudge), logHDerivative(threshold + nudge));
      expect(slopeGap, `slope at ${threshold}`).below(1e-8);
    }
  });

  it('stays finite and monotone far into both tails', () => {
    let previous = -Infinity;
    for (const u of [-1e99, -1e12, -1e7, -1e6, -1e3, -40, -1, 0, 1, 40, 1e3, 1e99]) {
      expect(logH(u), `log h(${u})`).above(u === -1e99 ? -Infinity : previous);
      expect(logHDerivative(u), `h'(${u})`).above(0);
      expect(logNormalCdfDerivative(u), `Φ'(${u})`).at.least(0);
      previous = logH(u);
    }
    expect(normalCdf(Infinity)).equal(1);
    expect(normalCdf(-Infinity)).equal(0);
  });

  it('evaluates log φ and log(1 − eˣ) by their formulas where those are safe', () => {
    expect(logNormalPdf(0)).closeTo(Math.log(1 / Math.sqrt(2 * Math.PI)), 1e-15);
    for (const x of [-0.1, -0.5, -Math.LN2, -1, -5]) {
      expect(log1mexp(x)).closeTo(Math.log(1 - Math.exp(x)), 1e-14);
    }
    expect(relativeError(log1mexp(-1e-20), Math.log(1e-20))).below(1e-15);
  });
});
