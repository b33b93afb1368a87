import type { LeaveOneOut } from '../../../gp/cross-validation.ts';
import { dot, solveUpper } from '../../../math/triangular.ts';
import { inverseInto } from '../../../math/triangular-inverse.ts';
import type { LiftProcess } from './lift-process.ts';

/**
 * Exact leave-one-out predictions of all observations, the log's first, with the constants estimated anew without each.
 *
 * P = K⁻¹ − K⁻¹H(HᵀK⁻¹H)⁻¹HᵀK⁻¹: mean_i = y_i − (Py)_i/P_ii, variance_i = 1/P_ii, its noise included; on the scale of logarithms. O(n³).
 * An observation that is alone in its round has P_ii = 0 and an infinite variance.
 * Source: Dubrule 1983, Mathematical Geology 15:687 (leave-one-out of universal kriging).
 */
export function liftLeaveOneOut(process: LiftProcess): LeaveOneOut {
  const { factor, whitenedConstants, constantsFactor, alpha, outputs } = process;
  const n = alpha.length;
  const G = Math.sqrt(constantsFactor.length);
  const inverse = new Float64Array(n * n);
  inverseInto(factor, n, inverse, new Float64Array(n * n));
  // M⁻¹HᵀK⁻¹, one row a constant.
  const projected = whitenedConstants.slice();
  for (let g = 0; g < G; g++) solveUpper(factor, n, projected, g * n);
  for (let g = 0; g < G; g++) {
    for (let i = 0; i < n; i++) {
      let value = projected[g * n + i]!;
      for (let h = 0; h < g; h++) value -= constantsFactor[g * G + h]! * projected[h * n + i]!;
      projected[g * n + i] = value / constantsFactor[g * G + g]!;
    }
  }
  const column = new Float64Array(G);
  const mean = new Float64Array(n);
  const variance = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let g = 0; g < G; g++) column[g] = projected[g * n + i]!;
    const precision = Math.max(0, inverse[i * n + i]! - dot(column, 0, column, 0, G));
    mean[i] = outputs[i]! - alpha[i]! / precision;
    variance[i] = 1 / precision;
  }
  return { mean, variance };
}
