import { approximateUnits, exactUnits, fromUnits } from '../decimal-grid.ts';
import { contains, type Polytope } from './polytope.ts';
import { projectOnto } from './projection.ts';

/** A bound this close to a whole number of units is on the grid: one rounding moves 13 digits by 2e-3 units. */
const UNIT_TOLERANCE = 0.01;

/** Shares of the way to the center tried when rounding breaks a constraint, from twice the grid's step upwards. */
const PULLS = [2e-12, 2e-11, 2e-10, 2e-9, 2e-8, 2e-7, 2e-6];

/**
 * The weights as short decimals, the nearest double to each, that keep every constraint and add up to the sum exactly
 * as printed.
 *
 * Weights are whole units of the polytope's grid; the units that rounding down leaves over go to the largest
 * remainders, within the bounds. When that breaks another constraint by more than 1e-9 the point is first pulled
 * towards the center, by the least share that works. A point outside is projected first.
 *
 * Throws RangeError when no pull works.
 *
 * Source: largest remainder (Hamilton), in integer arithmetic.
 */
export function roundToPolytope(polytope: Polytope, w: ArrayLike<number>): Float64Array {
  const point = contains(polytope, w) ? Float64Array.from(w) : projectOnto(polytope, w);
  const rounded = roundToGrid(polytope, point);
  if (contains(polytope, rounded)) return rounded;
  for (const pull of PULLS) {
    const pulled = point.map((value, i) => value + pull * (polytope.center[i]! - value));
    const repaired = roundToGrid(polytope, pulled);
    if (contains(polytope, repaired)) return repaired;
  }
  throw new RangeError(
    `no decimals of 1e${polytope.grid.exponent} near ${point.join(', ')} meet the constraints`,
  );
}

function roundToGrid({ grid, lower, upper, sum }: Polytope, w: Float64Array): Float64Array {
  const least = new Float64Array(w.length);
  const most = new Float64Array(w.length);
  const exact = w.map((value) => approximateUnits(value, grid));
  const units = new Float64Array(w.length);
  for (let i = 0; i < w.length; i++) {
    least[i] = Math.ceil(approximateUnits(lower[i]!, grid) - UNIT_TOLERANCE);
    most[i] = Math.floor(approximateUnits(upper[i]!, grid) + UNIT_TOLERANCE);
    if (least[i]! > most[i]!) least[i] = most[i] = Math.round(approximateUnits(lower[i]!, grid));
    const nearby = sum === undefined ? Math.round(exact[i]!) : Math.floor(exact[i]!);
    units[i] = Math.min(most[i]!, Math.max(least[i]!, nearby));
  }
  if (sum !== undefined) shareOut(Number(exactUnits(sum, grid)), exact, units, least, most);
  return units.map((count) => fromUnits(count, grid));
}

/**
 * Adds or removes units, largest remainder first, until they add up to the total. Where bounds between two units leave
 * no room, they give way by one unit, far below 1e-9.
 */
function shareOut(
  total: number,
  exact: Float64Array,
  units: Float64Array,
  least: Float64Array,
  most: Float64Array,
): void {
  let missing = units.reduce((rest, count) => rest - count, total);
  while (missing !== 0) {
    const sign = Math.sign(missing);
    const limit = sign > 0 ? most : least;
    const movable = Array.from(units.keys()).filter((i) => units[i] !== limit[i]);
    if (movable.length === 0) {
      for (let i = 0; i < limit.length; i++) limit[i]! += sign;
      continue;
    }
    const remainder = (i: number): number => sign * (exact[i]! - units[i]!);
    movable.sort((a, b) => remainder(b) - remainder(a));
    const share = Math.max(1, Math.floor(Math.abs(missing) / movable.length));
    for (const i of movable) {
      const moved = Math.min(share, Math.abs(missing), Math.abs(limit[i]! - units[i]!));
      units[i]! += sign * moved;
      missing -= sign * moved;
    }
  }
}
