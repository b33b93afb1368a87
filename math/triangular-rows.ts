import { solveLower } from './triangular.ts';

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
