import { dot } from './triangular.ts';

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
