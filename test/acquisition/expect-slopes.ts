import { expect } from 'chai';
import type { Criterion } from '../../acquisition/optimize.ts';

/** Expects the gradient at x to be that of central differences, within a share of its size, of 1 at least. */
export function expectSlopes(f: Criterion, x: Float64Array, step = 1e-6, tolerance = 1e-4): void {
  const gradient = new Float64Array(x.length);
  const unused = new Float64Array(x.length);
  f(x, gradient);
  for (let k = 0; k < x.length; k++) {
    const slope = (f(x.with(k, x[k]! + step), unused) - f(x.with(k, x[k]! - step), unused)) / (2 * step);
    expect(gradient[k]).closeTo(slope, tolerance * Math.max(1, Math.abs(slope)));
  }
}
