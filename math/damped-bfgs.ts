/** Powell's share of the model's curvature below which a measured curvature is mixed with it. */
const DAMPING = 0.2;

/** Steps shorter than this share of the unit measure rounding rather than curvature. */
const SHORTEST_STEP = 1e-12;

/**
 * Updates a positive definite Hessian approximation in place, and keeps it positive definite whatever the curvature.
 *
 * B ← B − Bssᵀ B/(sᵀBs) + rrᵀ/(sᵀr), r = θy + (1 − θ)Bs, θ the largest in [0, 1] with sᵀr ≥ 0.2 sᵀBs
 *
 * `B` k×k row-major symmetric, `s` the step and `y` the change of the gradient, k; `unit` a typical length of x.
 *
 * Source: Powell 1978; Nocedal & Wright 2006, procedure 18.2.
 */
export function updateDampedBfgs(B: Float64Array, s: Float64Array, y: Float64Array, unit: number): void {
  const k = s.length;
  const Bs = new Float64Array(k);
  let sBs = 0;
  let sy = 0;
  let ss = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) Bs[i]! += B[i * k + j]! * s[j]!;
    sBs += s[i]! * Bs[i]!;
    sy += s[i]! * y[i]!;
    ss += s[i]! * s[i]!;
  }
  if (ss <= (SHORTEST_STEP * unit) ** 2) return;
  const theta = sy >= DAMPING * sBs ? 1 : ((1 - DAMPING) * sBs) / (sBs - sy);
  const sr = theta * sy + (1 - theta) * sBs;
  for (let i = 0; i < k; i++) {
    const ri = theta * y[i]! + (1 - theta) * Bs[i]!;
    for (let j = 0; j < k; j++) {
      const rj = theta * y[j]! + (1 - theta) * Bs[j]!;
      B[i * k + j]! += (ri * rj) / sr - (Bs[i]! * Bs[j]!) / sBs;
    }
  }
}

/** yᵀy/sᵀy, the curvature of the first step by which an initial B is scaled; undefined when it is not positive. */
export function firstCurvature(s: Float64Array, y: Float64Array): number | undefined {
  let sy = 0;
  let yy = 0;
  for (let i = 0; i < s.length; i++) {
    sy += s[i]! * y[i]!;
    yy += y[i]! * y[i]!;
  }
  return sy > 0 ? yy / sy : undefined;
}
