import { erfcx } from './erfcx.ts';
import {
  H_DIRECT_ABOVE,
  H_SLOPE_SERIES_BELOW,
  logH,
  logHDerivative,
  logNormalPdf,
  SQRT_HALF_PI,
} from './normal.ts';

const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

/** `logNormalCdf`, and its derivative into `slope[0]`: both of one exponential and one erfcx. */
export function logNormalCdfAndSlope(u: number, slope: Float64Array): number {
  if (u > 0) {
    const decay = Math.exp(-0.5 * u * u);
    const tail = 0.5 * decay * erfcx(u * Math.SQRT1_2);
    slope[0] = decay / (SQRT_TWO_PI * (1 - tail));
    return Math.log1p(-tail);
  }
  const scaled = erfcx(-u * Math.SQRT1_2);
  slope[0] = 1 / (SQRT_HALF_PI * scaled);
  return -0.5 * u * u + Math.log(0.5 * scaled);
}

/** `logH`, and its derivative into `slope[0]`: both of one exponential and one erfcx where neither is in a far tail. */
export function logHAndSlope(u: number, slope: Float64Array): number {
  if (u > H_DIRECT_ABOVE) {
    const decay = Math.exp(-0.5 * u * u);
    const tail = 0.5 * decay * erfcx(Math.abs(u) * Math.SQRT1_2);
    const cdf = u > 0 ? 1 - tail : tail;
    const h = decay / SQRT_TWO_PI + u * cdf;
    slope[0] = cdf / h;
    return Math.log(h);
  }
  if (u > H_SLOPE_SERIES_BELOW) {
    const cdfToPdf = SQRT_HALF_PI * erfcx(-u * Math.SQRT1_2);
    const hToPdf = 1 + u * cdfToPdf;
    slope[0] = cdfToPdf / hToPdf;
    return logNormalPdf(u) + Math.log(hToPdf);
  }
  slope[0] = logHDerivative(u);
  return logH(u);
}
