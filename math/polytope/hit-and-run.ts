import { cholesky } from '../cholesky.ts';
import { isFixed, weightsAt, type Polytope } from './polytope.ts';
import type { Random } from '../random.ts';
import { rowProduct } from '../row-product.ts';

/** Steps per dimension between samples: on simplices and cubes up to d = 20 neighbours then correlate below 0.15. */
const THINNING_PER_DIMENSION = 4;

/** Steps per dimension of each round of burn-in, which forgets the center and gives the covariance 50 steps per entry's row. */
const BURN_IN_PER_DIMENSION = 50;

/** Rounds of burn-in, each steering by the covariance of the one before: two bring a needle of 1 : 1000 near to a ball. */
const BURN_IN_ROUNDS = 3;

/** A trade that keeps less than this of its length on the hull is rounding: equalities tie its two weights together. */
const SHORTEST_TRADE = 1e-8;

/** Added to the covariance's diagonal, relative to its mean, so that its factor exists whatever the chain has seen. */
const COVARIANCE_FLOOR = 1e-6;

/** Steps after which the slacks are recomputed from t: a thousand updates lose about 1e-13 of them. */
const STEPS_BETWEEN_REFRESHES = 1000;

/**
 * Directions along which two weights trade, or one moves where no equality ties it, projected on the hull. They mix a
 * box or a capped simplex in k·log k steps, where random directions take k²; those in turn turn corners that
 * no trade can.
 */
interface Trades {
  readonly count: number;
  /** count×k. */
  readonly directions: Float64Array;
  /** count×m: G times each direction. */
  readonly rates: Float64Array;
}

interface Chain {
  readonly t: Float64Array;
  readonly slack: Float64Array;
  readonly trades: Trades;
  readonly direction: Float64Array;
  readonly rates: Float64Array;
  steps: number;
}

/**
 * Points of a polytope by hit-and-run from its center: uniform in the limit, weakly correlated from one to the next.
 *
 * t ← t + λp, λ uniform on the chord of the polytope through t along p; p a trade or scaling·z, z standard normal, scaling
 * the Cholesky factor of the covariance seen in the last round of burn-in.
 *
 * Source: Smith 1984, Operations Research 32:1296–1308; Lovász & Vempala 2006 for the rounding.
 */
export function hitAndRun(polytope: Polytope, count: number, random: Random): Float64Array[] {
  const { dimension: k, h } = polytope;
  const chain: Chain = {
    t: new Float64Array(k),
    slack: Float64Array.from(h),
    trades: tradesOf(polytope),
    direction: new Float64Array(k),
    rates: new Float64Array(h.length),
    steps: 0,
  };
  let scaling = identity(k);
  for (let round = 0; round < BURN_IN_ROUNDS; round++) scaling = burnIn(polytope, chain, scaling, random);
  return Array.from({ length: count }, () => {
    for (let step = 0; step < THINNING_PER_DIMENSION * k; step++) walk(polytope, chain, scaling, random);
    return weightsAt(polytope, chain.t);
  });
}

function tradesOf(polytope: Polytope): Trades {
  const { basis, dimension: k, G, h, weightCount } = polytope;
  const free = Array.from({ length: weightCount }, (_, i) => i).filter((i) => !isFixed(polytope, i));
  const tied = free.length > k;
  const pairs = free.flatMap((i) =>
    tied ? free.filter((j) => j > i).map((j) => [i, j] as const) : [[i, i] as const],
  );
  const rows = pairs.map(([i, j]) =>
    Float64Array.from({ length: k }, (_, c) => basis[i * k + c]! - (i === j ? 0 : basis[j * k + c]!)),
  );
  const moving = rows.filter((row) => Math.hypot(...row) > SHORTEST_TRADE);
  const rates = moving.flatMap((row) => Array.from(h, (_, facet) => rowProduct(G, facet, row)));
  return {
    count: moving.length,
    directions: Float64Array.from(moving.flatMap((row) => [...row])),
    rates: Float64Array.from(rates),
  };
}

/** Walks one round and returns the Cholesky factor of the covariance of where it went. */
function burnIn(polytope: Polytope, chain: Chain, scaling: Float64Array, random: Random): Float64Array {
  const k = polytope.dimension;
  const steps = BURN_IN_PER_DIMENSION * k;
  const mean = new Float64Array(k);
  const covariance = new Float64Array(k * k);
  for (let step = 0; step < steps; step++) {
    walk(polytope, chain, scaling, random);
    for (let i = 0; i < k; i++) {
      mean[i]! += chain.t[i]! / steps;
      for (let j = 0; j <= i; j++) covariance[i * k + j]! += (chain.t[i]! * chain.t[j]!) / steps;
    }
  }
  let trace = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) covariance[i * k + j]! -= mean[i]! * mean[j]!;
    trace += covariance[i * k + i]!;
  }
  for (let i = 0; i < k; i++) covariance[i * k + i]! += (COVARIANCE_FLOOR * trace) / k;
  return cholesky(covariance, k).factor;
}

/** One step: a trade or a direction scaling·z, with equal chances, then a uniform point of the chord through t. */
function walk({ dimension: k, G, h }: Polytope, chain: Chain, scaling: Float64Array, random: Random): void {
  const { t, slack, trades, direction, rates } = chain;
  if (trades.count > 0 && random.integer(2) === 0) {
    const trade = random.integer(trades.count);
    for (let j = 0; j < k; j++) direction[j] = trades.directions[trade * k + j]!;
    for (let row = 0; row < h.length; row++) rates[row] = trades.rates[trade * h.length + row]!;
  } else {
    direction.fill(0);
    for (let j = 0; j < k; j++) {
      const z = random.normal();
      for (let i = j; i < k; i++) direction[i]! += scaling[i * k + j]! * z;
    }
    for (let row = 0; row < h.length; row++) rates[row] = rowProduct(G, row, direction);
  }
  let lowest = -Infinity;
  let highest = Infinity;
  for (let row = 0; row < h.length; row++) {
    const rate = rates[row]!;
    if (rate > 0) highest = Math.min(highest, slack[row]! / rate);
    else if (rate < 0) lowest = Math.max(lowest, slack[row]! / rate);
  }
  const length = lowest + (highest - lowest) * random.uniform();
  for (let j = 0; j < k; j++) t[j]! += length * direction[j]!;
  for (let row = 0; row < h.length; row++) slack[row] = Math.max(0, slack[row]! - length * rates[row]!);
  chain.steps++;
  if (chain.steps % STEPS_BETWEEN_REFRESHES === 0) {
    for (let row = 0; row < h.length; row++) slack[row] = Math.max(0, h[row]! - rowProduct(G, row, t));
  }
}

function identity(k: number): Float64Array {
  const matrix = new Float64Array(k * k);
  for (let j = 0; j < k; j++) matrix[j * k + j] = 1;
  return matrix;
}
