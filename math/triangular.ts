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

/** Solves Lx = b in place, b = `b[offset … offset + n)`: four rows of L at a time, so that each entry of b is loaded once for four. */
export function solveLower(L: Float64Array, n: number, b: Float64Array, offset = 0): void {
  let i = 0;
  for (; i + 3 < n; i += 4) {
    const r0 = i * n;
    const r1 = r0 + n;
    const r2 = r1 + n;
    const r3 = r2 + n;
    const at = offset + i;
    let s0 = b[at]!;
    let s1 = b[at + 1]!;
    let s2 = b[at + 2]!;
    let s3 = b[at + 3]!;
    for (let k = 0; k < i; k++) {
      const x = b[offset + k]!;
      s0 -= L[r0 + k]! * x;
      s1 -= L[r1 + k]! * x;
      s2 -= L[r2 + k]! * x;
      s3 -= L[r3 + k]! * x;
    }
    s0 /= L[r0 + i]!;
    s1 = (s1 - L[r1 + i]! * s0) / L[r1 + i + 1]!;
    s2 = (s2 - L[r2 + i]! * s0 - L[r2 + i + 1]! * s1) / L[r2 + i + 2]!;
    s3 = (s3 - L[r3 + i]! * s0 - L[r3 + i + 1]! * s1 - L[r3 + i + 2]! * s2) / L[r3 + i + 3]!;
    b[at] = s0;
    b[at + 1] = s1;
    b[at + 2] = s2;
    b[at + 3] = s3;
  }
  for (; i < n; i++) {
    b[offset + i] = (b[offset + i]! - dot(L, i * n, b, offset, i)) / L[i * n + i]!;
  }
}

/** Solves Lx = b in place for each row b of `B`, m×n: four rows at a time, so that each row of L is loaded once for four. */
export function solveLowerRows(L: Float64Array, n: number, B: Float64Array): void {
  let r0 = 0;
  if (n === 0) return;
  for (; r0 + 4 * n <= B.length; r0 += 4 * n) {
    const r1 = r0 + n;
    const r2 = r1 + n;
    const r3 = r2 + n;
    for (let i = 0; i < n; i++) {
      const row = i * n;
      let s0 = B[r0 + i]!;
      let s1 = B[r1 + i]!;
      let s2 = B[r2 + i]!;
      let s3 = B[r3 + i]!;
      for (let k = 0; k < i; k++) {
        const l = L[row + k]!;
        s0 -= l * B[r0 + k]!;
        s1 -= l * B[r1 + k]!;
        s2 -= l * B[r2 + k]!;
        s3 -= l * B[r3 + k]!;
      }
      const pivot = L[row + i]!;
      B[r0 + i] = s0 / pivot;
      B[r1 + i] = s1 / pivot;
      B[r2 + i] = s2 / pivot;
      B[r3 + i] = s3 / pivot;
    }
  }
  for (; r0 < B.length; r0 += n) solveLower(L, n, B, r0);
}

/** Solves Lᵀx = b in place, b = `b[offset … offset + n)`: four rows of L at a time, so that each entry of b is written once for four. */
export function solveUpper(L: Float64Array, n: number, b: Float64Array, offset = 0): void {
  let i = n;
  for (; i % 4 !== 0; i--) {
    const row = (i - 1) * n;
    const x = b[offset + i - 1]! / L[row + i - 1]!;
    b[offset + i - 1] = x;
    for (let k = 0; k < i - 1; k++) b[offset + k]! -= L[row + k]! * x;
  }
  for (i -= 4; i >= 0; i -= 4) {
    const r0 = i * n;
    const r1 = r0 + n;
    const r2 = r1 + n;
    const r3 = r2 + n;
    const at = offset + i;
    const x3 = b[at + 3]! / L[r3 + i + 3]!;
    const x2 = (b[at + 2]! - L[r3 + i + 2]! * x3) / L[r2 + i + 2]!;
    const x1 = (b[at + 1]! - L[r3 + i + 1]! * x3 - L[r2 + i + 1]! * x2) / L[r1 + i + 1]!;
    const x0 = (b[at]! - L[r3 + i]! * x3 - L[r2 + i]! * x2 - L[r1 + i]! * x1) / L[r0 + i]!;
    b[at] = x0;
    b[at + 1] = x1;
    b[at + 2] = x2;
    b[at + 3] = x3;
    for (let k = 0; k < i; k++) {
      b[offset + k]! -= L[r0 + k]! * x0 + L[r1 + k]! * x1 + L[r2 + k]! * x2 + L[r3 + k]! * x3;
    }
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
