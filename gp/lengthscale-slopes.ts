/**
 * Adds the pairs of row i with the rows before it to the slopes in the log lengthscales: Σ_{j<i} pulls_j·(z_ik − z_jk)².
 *
 * `pulls` i weights, of the pairs; `Z` n×d scaled inputs; `slopes` length d.
 */
export function addLengthscaleSlopes(
  pulls: Float64Array,
  Z: Float64Array,
  i: number,
  slopes: Float64Array,
): void {
  const d = slopes.length;
  for (let k = 0; k < d; k++) {
    const own = Z[i * d + k]!;
    let sum = 0;
    for (let j = 0, other = k; j < i; j++, other += d) {
      const difference = own - Z[other]!;
      sum += pulls[j]! * difference * difference;
    }
    slopes[k]! += sum;
  }
}
