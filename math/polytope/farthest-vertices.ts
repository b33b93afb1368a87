import { maximizeLinear } from '../linear-program.ts';

/** Pairs of vertices that are moved apart; on random polytopes of up to 12 weights fewer end more than 2 % short. */
const STARTS = 8;

/** Each improvement moves one end to another vertex; on random polytopes two or three suffice. */
const MOST_ROUNDS = 20;

/** An end that moves the pair apart by less than this share has converged. */
const TOLERANCE = 1e-9;

type Pair = readonly [Float64Array, Float64Array];

/**
 * A distance of two vertices of {t : Gt ≤ h}, at least that of any two of the given ones.
 *
 * From the farthest pairs of them that share no vertex, each end in turn moves to the vertex farthest along the line
 * between both, for as long as that takes them apart. `G` m×k row-major; two vertices or more, k each.
 */
export function farthestVertices(
  vertices: readonly Float64Array[],
  G: Float64Array,
  h: Float64Array,
): number {
  return farthestPairs(vertices).reduce((most, pair) => Math.max(most, movedApart(pair, G, h)), 0);
}

function farthestPairs(vertices: readonly Float64Array[]): readonly Pair[] {
  const n = vertices.length;
  const lengths = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) lengths[i * n + j] = distance(vertices[i]!, vertices[j]!);
  }
  const isTaken = new Uint8Array(n);
  const pairs: Pair[] = [];
  while (pairs.length < STARTS && 2 * pairs.length + 1 < n) {
    let longest = -1;
    let at = 0;
    for (let i = 0; i < n; i++) {
      if (isTaken[i]) continue;
      for (let j = 0; j < i; j++) {
        if (!isTaken[j] && lengths[i * n + j]! > longest) [longest, at] = [lengths[i * n + j]!, i * n + j];
      }
    }
    const [i, j] = [Math.floor(at / n), at % n];
    isTaken[i] = 1;
    isTaken[j] = 1;
    pairs.push([vertices[i]!, vertices[j]!]);
  }
  return pairs;
}

function movedApart([a, b]: Pair, G: Float64Array, h: Float64Array): number {
  let longest = distance(a, b);
  let [fixed, moving] = [a, b];
  for (let round = 0, settled = 0; round < 2 * MOST_ROUNDS && settled < 2; round++) {
    const away = moving.map((value, j) => value - fixed[j]!);
    const far = maximizeLinear(away, G, h).x;
    const length = distance(fixed, far);
    const improves = length > longest * (1 + TOLERANCE);
    settled = improves ? 0 : settled + 1;
    [fixed, moving] = [improves ? far : moving, fixed];
    longest = Math.max(longest, length);
  }
  return longest;
}

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}
