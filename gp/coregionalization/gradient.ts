import { inverseInto } from '../../math/triangular-inverse.ts';
import type { CoregionalizedWorkspace } from './likelihood.ts';
import { addLengthscaleSlopes } from '../lengthscale-slopes.ts';

/** Derivatives of the log marginal likelihood. */
export interface CoregionalizedGradient {
  readonly logLengthscales: Float64Array;
  /** In B, T×T: entry (t, u), t ≥ u, where B_tu and B_ut move together; zero above the diagonal. */
  readonly taskCovariance: Float64Array;
  /** In each observation's own noise variance, length n. */
  readonly noise: Float64Array;
}

export function coregionalizedGradient({
  size,
  dimension,
  taskCount,
}: CoregionalizedWorkspace): CoregionalizedGradient {
  return {
    logLengthscales: new Float64Array(dimension),
    taskCovariance: new Float64Array(taskCount * taskCount),
    noise: new Float64Array(size),
  };
}

/**
 * Gradient of the likelihood last evaluated, ½ tr(W·∂K/∂θ): W = ααᵀ − K⁻¹ for given or profiled means, W = ααᵀ − K⁻¹ + PᵀP
 * where they are integrated out, P the projections.
 *
 * ∂/∂B_tu = Σ_{i>j, {t_i, t_j} = {t, u}} W_ij k_ij (+ ½ Σ_{t_i = t} W_ii on the diagonal), ∂/∂noise_i = ½ W_ii,
 * ∂K_ij/∂log ℓ_k = −2·B·k′(r²)·((x_ik − x_jk)/ℓ_k)². O(n³ + n²d).
 * Source: Rasmussen & Williams 2006, eq. 5.9.
 */
export function differentiateCoregionalized(
  w: CoregionalizedWorkspace,
  means: 'given' | 'integrated',
  out: CoregionalizedGradient,
): void {
  const { size: n, taskCount: T, task, scaled, similarity, slope, inverse, alpha } = w;
  const P = w.projections;
  const projected = means === 'integrated' ? T * n : 0;
  const { logLengthscales, taskCovariance, noise } = out;
  inverseInto(w.factor, n, inverse, w.scratch);
  // Row i of the pairs' weights; the inverse has been read out of the scratch.
  const pulls = w.scratch;
  logLengthscales.fill(0);
  taskCovariance.fill(0);
  for (let i = 0; i < n; i++) {
    const a = alpha[i]!;
    const t = task[i]!;
    for (let j = 0, entry = i * n; j < i; j++, entry++) {
      let weight = a * alpha[j]! - inverse[entry]!;
      for (let row = 0; row < projected; row += n) weight += P[row + i]! * P[row + j]!;
      const u = task[j]!;
      taskCovariance[t < u ? u * T + t : t * T + u]! += weight * similarity[entry]!;
      pulls[j] = -2 * weight * slope[entry]!;
    }
    addLengthscaleSlopes(pulls, scaled, i, logLengthscales);
    let own = a * a - inverse[i * n + i]!;
    for (let row = 0; row < projected; row += n) own += P[row + i]! ** 2;
    noise[i] = 0.5 * own;
    taskCovariance[t * T + t]! += 0.5 * own;
  }
}
