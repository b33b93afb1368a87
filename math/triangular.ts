/** Σ a[p + k]·b[q + k], k < length, in two partial sums so that additions overlap. */
export function dot(a: Float64Array, p: number, b: Float64Array, q: number, length: number): number {
  let even = 0;
  let odd = 0;
  let k = 0;
  for (; k + 1 < length; k += 2) {
    even += a[p + k]! * b[q + k]!;
    odd += a[p + k + 1]! * b[q + k + 1]!;
  }
  if (k < length) even += a[p + k]! * b[q + k]!;
  return even + odd;
}

/** log |A| = 2 Σ log L_ii. */
export function logDeterminant(L: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(L[i * n + i]!);
  return 2 * sum;
}

/** Solves Lx = b in place, b = `b[offset … offset + n)`; many right-hand sides are rows of one matrix, one call each. */
export function solveLower(L: Float64Array, n: number, b: Float64Array, offset = 0): void {
  for (let i = 0; i < n; i++) {
    b[offset + i] = (b[offset + i]! - dot(L, i * n, b, offset, i)) / L[i * n + i]!;
  }
}

/** Solves Lᵀx = b in place, b = `b[offset … offset + n)`. */
export function solveUpper(L: Float64Array, n: number, b: Float64Array, offset = 0): void {
  for (let i = n - 1; i >= 0; i--) {
    const x = b[offset + i]! / L[i * n + i]!;
    b[offset + i] = x;
    for (let k = 0, row = i * n; k < i; k++) b[offset + k]! -= L[row + k]! * x;
  }
}

/**
 * The inverse A⁻¹ = L⁻ᵀL⁻¹, both triangles, in n³/3 multiplications.
 *
 * `out` and `scratch` n×n; scratch is left holding L⁻ᵀ in its upper triangle.
 */
export function inverseInto(L: Float64Array, n: number, out: Float64Array, scratch: Float64Array): void {
  invertTransposed(L, n, scratch);
  for (let i = 0; i < n; i++) {
    const ri = i * n;
    let j = 0;
    for (; j + 3 <= i; j += 4) {
      const r0 = j * n;
      const r1 = r0 + n;
      const r2 = r1 + n;
      const r3 = r2 + n;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = i; k < n; k++) {
        const m = scratch[ri + k]!;
        s0 += m * scratch[r0 + k]!;
        s1 += m * scratch[r1 + k]!;
        s2 += m * scratch[r2 + k]!;
        s3 += m * scratch[r3 + k]!;
      }
      out[ri + j] = s0;
      out[ri + j + 1] = s1;
      out[ri + j + 2] = s2;
      out[ri + j + 3] = s3;
    }
    for (; j <= i; j++) out[ri + j] = dot(scratch, ri + i, scratch, j * n + i, n - i);
    for (let k = 0; k < i; k++) out[k * n + i] = out[ri + k]!;
  }
}

/** Row j of `out` is column j of L⁻¹: four columns at a time, so that each row of L is loaded once for four. */
function invertTransposed(L: Float64Array, n: number, out: Float64Array): void {
  let j = 0;
  for (; j + 3 < n; j += 4) {
    const r0 = j * n;
    const r1 = r0 + n;
    const r2 = r1 + n;
    const r3 = r2 + n;
    for (let c = 0; c < 4; c++) {
      for (let i = j; i < j + 4; i++) out[r0 + c * n + i] = 0;
      for (let i = j + c; i < j + 4; i++) invertEntry(L, n, out, j + c, i);
    }
    for (let i = j + 4; i < n; i++) {
      const row = i * n;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = j; k < i; k++) {
        const l = L[row + k]!;
        s0 -= l * out[r0 + k]!;
        s1 -= l * out[r1 + k]!;
        s2 -= l * out[r2 + k]!;
        s3 -= l * out[r3 + k]!;
      }
      const reciprocal = 1 / L[row + i]!;
      out[r0 + i] = s0 * reciprocal;
      out[r1 + i] = s1 * reciprocal;
      out[r2 + i] = s2 * reciprocal;
      out[r3 + i] = s3 * reciprocal;
    }
  }
  for (; j < n; j++) {
    for (let i = j; i < n; i++) invertEntry(L, n, out, j, i);
  }
}

function invertEntry(L: Float64Array, n: number, out: Float64Array, j: number, i: number): void {
  const unit = i === j ? 1 : 0;
  out[j * n + i] = (unit - dot(L, i * n + j, out, j * n + j, i - j)) / L[i * n + i]!;
}
