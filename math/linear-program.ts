/** Reduced costs below this share of the largest cost are rounding: the vertex is optimal. */
const COST_TOLERANCE = 1e-11;

/** Entries below this are rounding in a tableau that starts with rows of unit length, and may not be pivots. */
const PIVOT_TOLERANCE = 1e-10;

/** Ratios closer than this count as ties, among which the largest pivot is the most accurate. */
const RATIO_TOLERANCE = 1e-12;

/** Steps without progress after which Bland's rule, slow but never cycling, replaces the steepest cost. */
const DEGENERATE_STEPS_BEFORE_BLAND = 20;

/** The steepest-cost rule needs about 2(m + n) pivots in practice; a multiple of that means a defect. */
const PIVOTS_PER_VARIABLE = 200;

export interface LinearProgramSolution {
  /** n; the maximiser. */
  readonly x: Float64Array;
  readonly value: number;
}

interface Tableau {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly entries: Float64Array;
  readonly rhs: Float64Array;
  readonly cost: Float64Array;
  /** Variable ids: 0…n−1 are x, free in sign; n…n+m−1 are the slacks, non-negative. */
  readonly basic: Int32Array;
  readonly nonbasic: Int32Array;
  /** −1 where x_j stands negated in the tableau. */
  readonly sign: Float64Array;
}

/**
 * Maximises a linear function over {x : Gx ≤ h} from the origin by the simplex method on a dense dictionary.
 *
 * max cᵀx subject to Gx ≤ h, x free, h ≥ 0
 *
 * `c` n; `G` m×n row-major, rows of about unit length; `h` m, non-negative: shift x so that the origin is feasible.
 *
 * Throws RangeError on a negative h or an unbounded program.
 *
 * Source: Chvátal 1983, Linear Programming, chapters 2–3; Bland 1977.
 */
export function maximizeLinear(c: Float64Array, G: Float64Array, h: Float64Array): LinearProgramSolution {
  const n = c.length;
  const m = h.length;
  if (G.length !== m * n) throw new RangeError(`expected ${m}×${n} constraints, got ${G.length} entries`);
  const negative = h.findIndex((bound) => !(bound >= 0));
  if (negative >= 0) throw new RangeError(`the origin violates constraint ${negative}: ${h[negative]}`);

  const tableau: Tableau = {
    rowCount: m,
    columnCount: n,
    entries: Float64Array.from(G),
    rhs: Float64Array.from(h),
    cost: Float64Array.from(c),
    basic: Int32Array.from({ length: m }, (_, i) => n + i),
    nonbasic: Int32Array.from({ length: n }, (_, j) => j),
    sign: new Float64Array(n).fill(1),
  };
  const costTolerance = COST_TOLERANCE * c.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let degenerateSteps = 0;
  for (let pivots = 0; pivots <= PIVOTS_PER_VARIABLE * (n + m); pivots++) {
    const bland = degenerateSteps > DEGENERATE_STEPS_BEFORE_BLAND;
    const column = enteringColumn(tableau, costTolerance, bland);
    if (column < 0) return readSolution(tableau, c);
    const row = leavingRow(tableau, column, bland);
    if (row < 0) throw new RangeError(`the linear program is unbounded in ${n} variables, ${m} constraints`);
    degenerateSteps = tableau.rhs[row]! <= RATIO_TOLERANCE ? degenerateSteps + 1 : 0;
    pivot(tableau, row, column);
  }
  throw new RangeError(`the simplex method did not finish on ${n} variables, ${m} constraints`);
}

/** The column to increase, negated first where a free variable must fall; −1 at the optimum. */
function enteringColumn(tableau: Tableau, tolerance: number, bland: boolean): number {
  const { columnCount, cost, nonbasic } = tableau;
  let best = -1;
  let bestGain = 0;
  for (let j = 0; j < columnCount; j++) {
    const free = nonbasic[j]! < columnCount;
    const gain = free ? Math.abs(cost[j]!) : cost[j]!;
    if (gain <= tolerance) continue;
    if (best < 0 || (bland ? nonbasic[j]! < nonbasic[best]! : gain > bestGain)) {
      best = j;
      bestGain = gain;
    }
  }
  if (best >= 0 && cost[best]! < 0) negateColumn(tableau, best);
  return best;
}

function negateColumn(tableau: Tableau, column: number): void {
  const { rowCount, columnCount, entries, cost, nonbasic, sign } = tableau;
  cost[column]! *= -1;
  sign[nonbasic[column]!]! *= -1;
  for (let i = 0; i < rowCount; i++) entries[i * columnCount + column]! *= -1;
}

/** The slack that reaches zero first; free variables never leave. */
function leavingRow(tableau: Tableau, column: number, bland: boolean): number {
  const { rowCount, columnCount, entries, rhs, basic } = tableau;
  let best = -1;
  let bestRatio = Infinity;
  for (let i = 0; i < rowCount; i++) {
    const entry = entries[i * columnCount + column]!;
    if (basic[i]! < columnCount || entry <= PIVOT_TOLERANCE) continue;
    const ratio = Math.max(0, rhs[i]!) / entry;
    const tied = best >= 0 && Math.abs(ratio - bestRatio) <= RATIO_TOLERANCE * (1 + bestRatio);
    const wins = tied
      ? bland
        ? basic[i]! < basic[best]!
        : entry > entries[best * columnCount + column]!
      : ratio < bestRatio;
    if (wins) {
      best = i;
      bestRatio = ratio;
    }
  }
  return best;
}

function pivot(tableau: Tableau, row: number, column: number): void {
  const { rowCount, columnCount, entries, rhs, cost, basic, nonbasic } = tableau;
  const rowStart = row * columnCount;
  const inverse = 1 / entries[rowStart + column]!;
  entries[rowStart + column] = 1;
  for (let j = 0; j < columnCount; j++) entries[rowStart + j]! *= inverse;
  rhs[row] = Math.max(0, rhs[row]!) * inverse;
  for (let i = 0; i < rowCount; i++) {
    const factor = entries[i * columnCount + column]!;
    if (i === row || factor === 0) continue;
    entries[i * columnCount + column] = 0;
    for (let j = 0; j < columnCount; j++) entries[i * columnCount + j]! -= factor * entries[rowStart + j]!;
    rhs[i]! -= factor * rhs[row]!;
  }
  const costFactor = cost[column]!;
  cost[column] = 0;
  for (let j = 0; j < columnCount; j++) cost[j]! -= costFactor * entries[rowStart + j]!;
  const leaving = basic[row]!;
  basic[row] = nonbasic[column]!;
  nonbasic[column] = leaving;
}

function readSolution(tableau: Tableau, c: Float64Array): LinearProgramSolution {
  const x = new Float64Array(tableau.columnCount);
  tableau.basic.forEach((id, row) => {
    if (id < tableau.columnCount) x[id] = tableau.sign[id]! * tableau.rhs[row]!;
  });
  return { x, value: x.reduce((total, value, j) => total + value * c[j]!, 0) };
}
