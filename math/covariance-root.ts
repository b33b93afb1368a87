/** Pivots below this fraction of the largest variance are rounding error of the covariance, so their rows end there. */
const PIVOT_TOLERANCE = 1e-14;

/**
 * A matrix A with AAᵀ = C for a covariance that may be singular, by Cholesky with the largest remaining variance first.
 *
 * No jitter: a row ends when its variance is used up, and an entry that rounding has made larger than Cauchy–Schwarz
 * allows (|a_i| ≤ √c_ii) is cut to that, so the diagonal of AAᵀ is C's. `C` m×m, of which both triangles are read;
 * returns m×m, rows in the order of C.
 * Source: Higham 2002, Accuracy and Stability of Numerical Algorithms, §10.3 (complete pivoting).
 */
export function covarianceRoot(C: Float64Array, m: number): Float64Array {
  const root = new Float64Array(m * m);
  const rest = Float64Array.from({ length: m }, (_, i) => Math.max(0, C[i * m + i]!));
  const least = PIVOT_TOLERANCE * rest.reduce((largest, variance) => Math.max(largest, variance), 0);
  const open = new Set(rest.keys());
  for (let k = 0; k < m; k++) {
    let pivot = -1;
    for (const i of open) if (pivot < 0 || rest[i]! > rest[pivot]!) pivot = i;
    if (!(rest[pivot]! > least)) break;
    open.delete(pivot);
    const length = Math.sqrt(rest[pivot]!);
    root[pivot * m + k] = length;
    for (const i of open) {
      let entry = C[i * m + pivot]!;
      for (let j = 0; j < k; j++) entry -= root[i * m + j]! * root[pivot * m + j]!;
      const limit = Math.sqrt(rest[i]!);
      const cut = Math.min(limit, Math.max(-limit, entry / length));
      root[i * m + k] = cut;
      rest[i] = Math.max(0, rest[i]! - cut * cut);
    }
  }
  return root;
}
