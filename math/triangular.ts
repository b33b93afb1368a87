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

/**
 * Solves Lx = b in place for each row b of `B`, m×n: four rows by two of L at a time, so that each number loaded serves
 * several products.
 */
export function solveLowerRows(L: Float64Array, n: number, B: Float64Array): void {
  let r0 = 0;
  if (n === 0) return;
  for (; r0 + 4 * n <= B.length; r0 += 4 * n) {
    const r1 = r0 + n;
    const r2 = r1 + n;
    const r3 = r2 + n;
    let i = 0;
    for (; i + 1 < n; i += 2) {
      const p = i * n;
      const q = p + n;
      let s0 = B[r0 + i]!;
      let s1 = B[r1 + i]!;
      let s2 = B[r2 + i]!;
      let s3 = B[r3 + i]!;
      let t0 = B[r0 + i + 1]!;
      let t1 = B[r1 + i + 1]!;
      let t2 = B[r2 + i + 1]!;
      let t3 = B[r3 + i + 1]!;
      for (let k = 0; k < i; k++) {
        const l = L[p + k]!;
        const m = L[q + k]!;
        const x0 = B[r0 + k]!;
        const x1 = B[r1 + k]!;
        const x2 = B[r2 + k]!;
        const x3 = B[r3 + k]!;
        s0 -= l * x0;
        t0 -= m * x0;
        s1 -= l * x1;
        t1 -= m * x1;
        s2 -= l * x2;
        t2 -= m * x2;
        s3 -= l * x3;
        t3 -= m * x3;
      }
      const first = L[p + i]!;
      B[r0 + i] = s0 /= first;
      B[r1 + i] = s1 /= first;
      B[r2 + i] = s2 /= first;
      B[r3 + i] = s3 /= first;
      const between = L[q + i]!;
      const second = L[q + i + 1]!;
      B[r0 + i + 1] = (t0 - between * s0) / second;
      B[r1 + i + 1] = (t1 - between * s1) / second;
      B[r2 + i + 1] = (t2 - between * s2) / second;
      B[r3 + i + 1] = (t3 - between * s3) / second;
    }
    if (i < n) solveLastOfFour(L, n, B, r0);
  }
  for (; r0 < B.length; r0 += n) solveLower(L, n, B, r0);
}

/** The last entry of four rows of `B` from `offset` on. */
function solveLastOfFour(L: Float64Array, n: number, B: Float64Array, offset: number): void {
  const row = (n - 1) * n;
  for (let r = offset; r < offset + 4 * n; r += n) {
    let s = B[r + n - 1]!;
    for (let k = 0; k < n - 1; k++) s -= L[row + k]! * B[r + k]!;
    B[r + n - 1] = s / L[row + n - 1]!;
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

/**
 * The inverse A⁻¹ = L⁻ᵀL⁻¹, both triangles, in n³/3 multiplications: two rows by four columns at a time.
 *
 * `out` and `scratch` n×n; scratch is left holding L⁻ᵀ in its upper triangle.
 */
export function inverseInto(L: Float64Array, n: number, out: Float64Array, scratch: Float64Array): void {
  invertTransposed(L, n, scratch);
  if (n > 0) finishInverseRow(scratch, n, out, 0, 0);
  let i = 1;
  for (; i + 1 < n; i += 2) {
    const p = i * n;
    const q = p + n;
    let j = 0;
    for (; j + 3 <= i; j += 4) {
      const r0 = j * n;
      const r1 = r0 + n;
      const r2 = r1 + n;
      const r3 = r2 + n;
      const own = scratch[p + i]!;
      let s0 = own * scratch[r0 + i]!;
      let s1 = own * scratch[r1 + i]!;
      let s2 = own * scratch[r2 + i]!;
      let s3 = own * scratch[r3 + i]!;
      let t0 = 0;
      let t1 = 0;
      let t2 = 0;
      let t3 = 0;
      for (let k = i + 1; k < n; k++) {
        const l = scratch[p + k]!;
        const m = scratch[q + k]!;
        const x0 = scratch[r0 + k]!;
        const x1 = scratch[r1 + k]!;
        const x2 = scratch[r2 + k]!;
        const x3 = scratch[r3 + k]!;
        s0 += l * x0;
        t0 += m * x0;
        s1 += l * x1;
        t1 += m * x1;
        s2 += l * x2;
        t2 += m * x2;
        s3 += l * x3;
        t3 += m * x3;
      }
      out[p + j] = s0;
      out[p + j + 1] = s1;
      out[p + j + 2] = s2;
      out[p + j + 3] = s3;
      out[q + j] = t0;
      out[q + j + 1] = t1;
      out[q + j + 2] = t2;
      out[q + j + 3] = t3;
    }
    finishInverseRow(scratch, n, out, i, j);
    finishInverseRow(scratch, n, out, i + 1, j);
  }
  if (i < n) finishInverseRow(scratch, n, out, i, 0);
}

/** Row i of the inverse from column `from` on, and its mirror image. */
function finishInverseRow(
  scratch: Float64Array,
  n: number,
  out: Float64Array,
  i: number,
  from: number,
): void {
  const ri = i * n;
  for (let j = from; j <= i; j++) out[ri + j] = dot(scratch, ri + i, scratch, j * n + i, n - i);
  for (let k = 0; k < i; k++) out[k * n + i] = out[ri + k]!;
}

/** Row j of `out` is column j of L⁻¹: four columns by two rows of L at a time. */
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
    let i = j + 4;
    for (; i + 1 < n; i += 2) {
      const p = i * n;
      const q = p + n;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let t0 = 0;
      let t1 = 0;
      let t2 = 0;
      let t3 = 0;
      for (let k = j; k < i; k++) {
        const l = L[p + k]!;
        const m = L[q + k]!;
        const x0 = out[r0 + k]!;
        const x1 = out[r1 + k]!;
        const x2 = out[r2 + k]!;
        const x3 = out[r3 + k]!;
        s0 -= l * x0;
        t0 -= m * x0;
        s1 -= l * x1;
        t1 -= m * x1;
        s2 -= l * x2;
        t2 -= m * x2;
        s3 -= l * x3;
        t3 -= m * x3;
      }
      const first = 1 / L[p + i]!;
      out[r0 + i] = s0 *= first;
      out[r1 + i] = s1 *= first;
      out[r2 + i] = s2 *= first;
      out[r3 + i] = s3 *= first;
      const between = L[q + i]!;
      const second = 1 / L[q + i + 1]!;
      out[r0 + i + 1] = (t0 - between * s0) * second;
      out[r1 + i + 1] = (t1 - between * s1) * second;
      out[r2 + i + 1] = (t2 - between * s2) * second;
      out[r3 + i + 1] = (t3 - between * s3) * second;
    }
    if (i < n) invertLastOfFour(L, n, out, j);
  }
  for (; j < n; j++) {
    for (let i = j; i < n; i++) invertEntry(L, n, out, j, i);
  }
}

/** The last entry of four columns of L⁻¹ from j on. */
function invertLastOfFour(L: Float64Array, n: number, out: Float64Array, j: number): void {
  const row = (n - 1) * n;
  for (let r = j * n; r < (j + 4) * n; r += n) {
    let s = 0;
    for (let k = j; k < n - 1; k++) s -= L[row + k]! * out[r + k]!;
    out[r + n - 1] = s * (1 / L[row + n - 1]!);
  }
}

function invertEntry(L: Float64Array, n: number, out: Float64Array, j: number, i: number): void {
  const unit = i === j ? 1 : 0;
  out[j * n + i] = (unit - dot(L, i * n + j, out, j * n + j, i - j)) / L[i * n + i]!;
}
