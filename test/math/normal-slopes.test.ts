import { expect } from 'chai';
import { logHAndSlope, logNormalCdfAndSlope } from '../../math/normal-slopes.ts';
import { logH, logHDerivative, logNormalCdf, logNormalCdfDerivative } from '../../math/normal.ts';

const ARGUMENTS = [-1e9, -1e6, -5e3, -100, -99.9, -30, -7.3, -1, -0.999, -0.2, 0, 1e-9, 0.4, 3, 9, 40, 1e6];

function relativeError(actual: number, expected: number): number {
  return actual === expected ? 0 : Math.abs(actual - expected) / Math.abs(expected);
}

describe('a value and its slope together', () => {
  it('are logNormalCdf and its derivative to 1e-14, logH and its derivative to 1e-11', () => {
    const slope = new Float64Array(1);
    for (const u of ARGUMENTS) {
      expect(relativeError(logNormalCdfAndSlope(u, slope), logNormalCdf(u)), `log Φ(${u})`).below(1e-14);
      expect(relativeError(slope[0]!, logNormalCdfDerivative(u)), `φ/Φ(${u})`).below(1e-14);
      expect(relativeError(logHAndSlope(u, slope), logH(u)), `log h(${u})`).below(1e-12);
      expect(relativeError(slope[0]!, logHDerivative(u)), `Φ/h(${u})`).below(1e-11);
    }
  });
});
