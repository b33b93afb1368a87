import { exactUnits, fromUnits } from '../decimal-grid.ts';
import { contains, isFixed, type Polytope } from './polytope.ts';

/** How far a multiple may be off a bound or the sum, in steps: rounding of decimals. */
const STEP_TOLERANCE = 1e-7;

/** Steps of the radius, in squares of the step, in which the neighbourhood grows. */
const FIRST_RADIUS = 1;
const RADIUS_GROWTH = 2;

/** Partial points looked at in one neighbourhood: above it the search would take seconds. */
const MOST_NODES = 1_000_000;

/**
 * The points of a polytope whose weights are multiples of a step, nearest to w first, at most `count`; weights that take a
 * single value on the polytope keep it.
 *
 * All lattice points within a radius that grows until it holds `count` of them: branch and bound over the weights, by
 * ‖m·step − w‖² ≥ Σ_chosen + max(Σ_rest least, δ²/rest), δ what the rest must move by to meet the sum. Empty where there is
 * none, or where none was found among a million partial points.
 *
 * Throws RangeError on a step that is not positive or finer than the polytope's decimals.
 */
export function nearestLatticePoints(
  polytope: Polytope,
  w: ArrayLike<number>,
  step: number,
  count: number,
): Float64Array[] {
  const { lower, upper, center, weightCount, grid } = polytope;
  const units = step > 0 ? exactUnits(step, grid) : undefined;
  if (units === undefined) {
    throw new RangeError(`the step ${step} is not a positive decimal of at least 1e${grid.exponent}`);
  }
  const free = Array.from({ length: weightCount }, (_, i) => i).filter((i) => !isFixed(polytope, i));
  const target = free.map((i) => w[i]! / step);
  const least = free.map((i) => Math.ceil(lower[i]! / step - STEP_TOLERANCE));
  const most = free.map((i) => Math.floor(upper[i]! / step + STEP_TOLERANCE));
  if (least.some((low, j) => low > most[j]!)) return [];
  const rest = restOfSum(polytope, free, step);
  if (rest === 'between multiples') return [];

  const n = free.length;
  const nearestFrom = suffixSums(
    target.map((t, j) => squared(clamp(Math.round(t), least[j]!, most[j]!) - t)),
  );
  const targetFrom = suffixSums(target);
  const leastFrom = suffixSums(least);
  const mostFrom = suffixSums(most);
  const chosen = new Int32Array(n);
  const pointOf = (): Float64Array => {
    const point = Float64Array.from(center);
    for (const [j, i] of free.entries()) point[i] = fromUnits(chosen[j]! * Number(units), grid);
    return point;
  };

  let nodes = 0;
  let found: { readonly point: Float64Array; readonly distance: number }[] = [];
  const visit = (j: number, distance: number, left: number, radius: number): void => {
    if (++nodes > MOST_NODES) return;
    if (j === n) {
      const point = pointOf();
      if (contains(polytope, point)) found.push({ point, distance });
      return;
    }
    let from = least[j]!;
    let to = most[j]!;
    if (rest !== undefined) {
      from = Math.max(from, left - mostFrom[j + 1]!);
      to = Math.min(to, left - leastFrom[j + 1]!);
    }
    const reach = Math.sqrt(Math.max(0, radius - distance - nearestFrom[j + 1]!));
    from = Math.max(from, Math.ceil(target[j]! - reach - STEP_TOLERANCE));
    to = Math.min(to, Math.floor(target[j]! + reach + STEP_TOLERANCE));
    for (let m = from; m <= to; m++) {
      const here = distance + squared(m - target[j]!);
      const others = n - 1 - j;
      const move = rest === undefined || others === 0 ? 0 : squared(left - m - targetFrom[j + 1]!) / others;
      if (here + Math.max(nearestFrom[j + 1]!, move) > radius) continue;
      chosen[j] = m;
      visit(j + 1, here, left - m, radius);
    }
  };
  const farthest = free.reduce(
    (total, _, j) => total + Math.max(squared(least[j]! - target[j]!), squared(most[j]! - target[j]!)),
    0,
  );
  for (let radius = nearestFrom[0]! + FIRST_RADIUS; ; radius *= RADIUS_GROWTH) {
    nodes = 0;
    const before = found;
    found = [];
    visit(0, 0, rest ?? 0, radius);
    if (nodes > MOST_NODES) found = before;
    if (nodes > MOST_NODES || found.length >= count || radius > farthest) break;
  }
  return found
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ point }) => point);
}

/** The sum that is left for the free weights, in steps; undefined without a sum. */
function restOfSum(
  { sum, center, weightCount }: Polytope,
  free: readonly number[],
  step: number,
): number | undefined | 'between multiples' {
  if (sum === undefined) return undefined;
  let left = sum;
  for (let i = 0; i < weightCount; i++) if (!free.includes(i)) left -= center[i]!;
  const steps = Math.round(left / step);
  return Math.abs(left / step - steps) <= STEP_TOLERANCE ? steps : 'between multiples';
}

function suffixSums(values: readonly number[]): readonly number[] {
  const sums = [...values, 0];
  for (let j = values.length - 1; j >= 0; j--) sums[j]! += sums[j + 1]!;
  sums[values.length] = 0;
  return sums;
}

function squared(x: number): number {
  return x * x;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
