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
