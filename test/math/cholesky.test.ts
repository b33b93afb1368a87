import { expect } from 'chai';
import * as fc from 'fast-check';
import { CholeskyDecomposition, determinant, Matrix } from 'ml-matrix';
import {
  appendRow,
  cholesky,
  choleskyFilled,
  NotPositiveDefiniteError,
  type Cholesky,
} from '../../math/cholesky.ts';
import { randomStream } from '../../math/random.ts';
import { logDeterminant, solveLower, solveUpper } from '../../math/triangular.ts';
import { inverseInto } from '../../math/triangular-inverse.ts';
import { solveLowerRows } from '../../math/triangular-rows.ts';

/** AAᵀ + I/10, well conditioned. */
function randomPositiveDefinite(n: number, seed: number): Float64Array {
  const random = randomStream(seed, 'spd', n);
  const A = Float64Array.from({ length: n * n }, () => random.normal());
  const K = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) K[i * n + j]! += A[i * n + k]! * A[j * n + k]!;
    }
    K[i * n + i]! += 0.1;
  }
  return K;
}

function lowerEntries({ factor, size }: Cholesky): number[] {
  const entries: number[] = [];
  for (let i = 0; i < size; i++) entries.push(...factor.subarray(i * size, i * size + i + 1));
  return entries;
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).to.equal(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(actual[i]!, `entry ${i}`).to.be.closeTo(
      expected[i]!,
      tolerance * Math.max(1, Math.abs(expected[i]!)),
    );
  }
}

describe('cholesky', () => {
  it('agrees with ml-matrix at every size around its block of four rows', () => {
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 31, 64]) {
      const K = randomPositiveDefinite(n, 1);
      const ours = cholesky(K, n);
      const theirs = new CholeskyDecomposition(Matrix.from1DArray(n, n, Array.from(K))).lowerTriangularMatrix;
      expect(ours.jitter).to.equal(0);
      expectClose(
        lowerEntries(ours),
        Array.from({ length: n }, (_, i) => theirs.getRow(i).slice(0, i + 1)).flat(),
        1e-11,
      );
    }
  });

  it('solves both triangles, inverts, and takes the log determinant', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 22 }), fc.integer(), (n, seed) => {
        const K = randomPositiveDefinite(n, seed);
        const { factor } = cholesky(K, n);
        const inverse = new Float64Array(n * n);
        inverseInto(factor, n, inverse, new Float64Array(n * n));
        const solved = new Float64Array(n * n);
        for (let j = 0; j < n; j++) {
          solved[j * n + j] = 1;
          solveLower(factor, n, solved, j * n);
          solveUpper(factor, n, solved, j * n);
        }
        expectClose(solved, inverse, 1e-9);
        const asMatrix = Matrix.from1DArray(n, n, Array.from(K));
        expect(logDeterminant(factor, n)).to.be.closeTo(Math.log(determinant(asMatrix)), 1e-9);
        const product = asMatrix.mmul(Matrix.from1DArray(n, n, Array.from(inverse)));
        expectClose(product.to1DArray(), Matrix.eye(n).to1DArray(), 1e-8);
      }),
      { numRuns: 60 },
    );
  });

  it('solves many right-hand sides at once as one at a time, none of no size too', () => {
    for (const n of [0, 1, 3, 4, 9]) {
      const { factor } =
        n === 0 ? { factor: new Float64Array(0) } : cholesky(randomPositiveDefinite(n, 5), n);
      for (const m of [0, 1, 4, 7]) {
        const rows = Float64Array.from({ length: m * n }, (_, i) => Math.sin(i));
        const single = rows.slice();
        for (let j = 0; j < m; j++) solveLower(factor, n, single, j * n);
        solveLowerRows(factor, n, rows);
        expectClose(rows, single, 1e-12);
      }
    }
  });

  it('appends a row as if the whole matrix were factored again', () => {
    const n = 19;
    const K = randomPositiveDefinite(n, 3);
    let grown = cholesky(K.slice(0, 1), 1);
    for (let m = 1; m < n; m++) grown = appendRow(grown, K.slice(m * n, m * n + m), K[m * n + m]!);
    expectClose(lowerEntries(grown), lowerEntries(cholesky(K, n)), 1e-12);
  });

  it('reports the smallest jitter that makes a singular matrix work, at any scale', () => {
    for (const scale of [1e-12, 1, 1e12]) {
      const { jitter, factor } = cholesky(new Float64Array(9).fill(scale), 3);
      expect(jitter / scale).to.be.closeTo(1e-10, 1e-20);
      expect(factor.every(Number.isFinite)).to.equal(true);
      const pair = appendRow(cholesky(Float64Array.of(scale), 1), Float64Array.of(scale), scale);
      expect(pair.jitter / scale).to.be.closeTo(1e-10, 1e-20);
    }
  });

  it('asks again for a matrix of which it has no copy where that needs jitter', () => {
    const singular = new Float64Array(25).fill(1);
    for (const A of [randomPositiveDefinite(7, 1), singular]) {
      const n = Math.sqrt(A.length);
      let fills = 0;
      const filled = choleskyFilled((out) => {
        fills++;
        for (let i = 0; i < n; i++) out.set(A.subarray(i * n, i * n + i + 1), i * n);
      }, n);
      const { factor, jitter } = cholesky(A, n);
      expect(fills).to.equal(A === singular ? 2 : 1);
      expect(filled.jitter).to.equal(jitter);
      for (let i = 0; i < n; i++) {
        const row = [i * n, i * n + i + 1] as const;
        expect(filled.factor.slice(...row)).to.deep.equal(factor.slice(...row));
      }
    }
  });

  it('fails honestly on an indefinite matrix', () => {
    const indefinite = Float64Array.of(1, 2, 0, 2, 1, 0, 0, 0, 1);
    expect(() => cholesky(indefinite, 3))
      .to.throw(NotPositiveDefiniteError)
      .that.includes({ size: 3, pivot: 1 })
      .and.has.property('jitter')
      .that.is.closeTo(1e-6, 1e-12);
    expect(() => appendRow(cholesky(Float64Array.of(1), 1), Float64Array.of(2), 1))
      .to.throw(NotPositiveDefiniteError)
      .that.includes({ size: 2, pivot: 1 });
  });

  it('fails on NaN, infinity, zero and negative diagonals instead of returning NaN', () => {
    for (const bad of [NaN, Infinity, 0, -1]) {
      expect(() => cholesky(Float64Array.of(bad), 1), String(bad)).to.throw(NotPositiveDefiniteError);
    }
    expect(() => cholesky(Float64Array.of(1, 0, NaN, 1), 2)).to.throw(NotPositiveDefiniteError);
  });

  it('refuses a matrix of the wrong shape', () => {
    expect(() => cholesky(new Float64Array(5), 2)).to.throw(RangeError, '5');
    expect(() => appendRow(cholesky(Float64Array.of(1), 1), new Float64Array(2), 1)).to.throw(
      RangeError,
      '2',
    );
  });
});
