/** The active set and the factors Goldfarb & Idnani keep: JᵀN = [R; 0], J = L⁻ᵀQ, B = LLᵀ. */
export interface ActiveSet {
  readonly n: number;
  readonly J: Float64Array;
  readonly R: Float64Array;
  readonly indices: Int32Array;
  readonly multipliers: Float64Array;
  size: number;
}

/** Appends a normal whose image is d = Jᵀn, turning d's tail into one entry by rotations of J's free columns. */
export function appendActive(active: ActiveSet, row: number, d: Float64Array): void {
  const { n, J, R, size } = active;
  for (let j = n - 1; j > size; j--) {
    if (d[j] === 0) continue;
    const length = Math.hypot(d[j - 1]!, d[j]!);
    rotateColumns(J, n, j - 1, j, d[j - 1]! / length, d[j]! / length);
    d[j - 1] = length;
    d[j] = 0;
  }
  for (let i = 0; i <= size; i++) R[i * n + size] = d[i]!;
  active.indices[size] = row;
  active.size = size + 1;
}

/** Removes an active constraint and makes R triangular again. The multiplier after the last stays with the pending row. */
export function dropActive(active: ActiveSet, position: number): void {
  const { n, J, R, indices, multipliers } = active;
  const last = active.size - 1;
  for (let j = position; j < last; j++) {
    indices[j] = indices[j + 1]!;
    multipliers[j] = multipliers[j + 1]!;
    for (let i = 0; i <= j + 1; i++) R[i * n + j] = R[i * n + j + 1]!;
  }
  multipliers[last] = multipliers[last + 1]!;
  for (let i = 0; i <= last; i++) R[i * n + last] = 0;
  for (let j = position; j < last; j++) {
    const upper = R[j * n + j]!;
    const lower = R[(j + 1) * n + j]!;
    if (lower === 0) continue;
    const length = Math.hypot(upper, lower);
    const cos = upper / length;
    const sin = lower / length;
    for (let k = j; k < last; k++) {
      const a = R[j * n + k]!;
      const b = R[(j + 1) * n + k]!;
      R[j * n + k] = cos * a + sin * b;
      R[(j + 1) * n + k] = cos * b - sin * a;
    }
    rotateColumns(J, n, j, j + 1, cos, sin);
  }
  active.size = last;
}

function rotateColumns(
  J: Float64Array,
  n: number,
  left: number,
  right: number,
  cos: number,
  sin: number,
): void {
  for (let i = 0; i < n; i++) {
    const a = J[i * n + left]!;
    const b = J[i * n + right]!;
    J[i * n + left] = cos * a + sin * b;
    J[i * n + right] = cos * b - sin * a;
  }
}

/** r = R⁻¹d for the leading q×q block. */
export function solveFactored(R: Float64Array, n: number, q: number, d: Float64Array, r: Float64Array): void {
  for (let i = q - 1; i >= 0; i--) {
    let sum = d[i]!;
    for (let j = i + 1; j < q; j++) sum -= R[i * n + j]! * r[j]!;
    r[i] = sum / R[i * n + i]!;
  }
}
