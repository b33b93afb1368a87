import type { Units } from '../units.ts';

/** Rows to each of a group's units, so that the groups' sums take less room than the rows. */
const ROWS_PER_UNIT = 5;
const [FEWEST_GROUPS, MOST_GROUPS] = [2, 4];

/** What a pass that finds influences reads and writes besides; where threads share it, it lies in shared memory. */
export interface PassInfluences {
  /** n: the unit of each row. */
  readonly ofRow: Int32Array;
  readonly units: number;
  /** n, by class: the same for rows in partitions. */
  readonly unit: Int32Array;
  /** partitions · curves · 2: gain and loss. */
  readonly terms: Float64Array;
  /** Groups of neighbouring partitions, whose influences are summed apart: a number that depends on the log alone. */
  readonly groups: number;
  /** groups · units · curves. */
  readonly parts: Float64Array;
  /** curves · units. */
  readonly psi: Float64Array;
}

/** What passes with influences over one log keep. */
export interface PassInfluenceScratch {
  readonly units: Pick<Units, 'count' | 'ofRow'>;
  readonly unit: Int32Array;
  parts: Float64Array;
  psi: Float64Array;
}

export function createPassInfluenceScratch(units: Pick<Units, 'count' | 'ofRow'>): PassInfluenceScratch {
  return {
    units,
    unit: new Int32Array(new SharedArrayBuffer(4 * units.ofRow.length)),
    parts: sharedDoubles(0),
    psi: sharedDoubles(0),
  };
}

/** How many groups the partitions of a log have: what can be summed at the same time, at the cost of memory. */
export function groupsFor(partitions: number, rows: number, units: number): number {
  const affordable = Math.floor(rows / (ROWS_PER_UNIT * units));
  return Math.min(partitions, Math.max(FEWEST_GROUPS, Math.min(MOST_GROUPS, affordable)));
}

/** Lays out the influences of a pass of so many curves, in room that is kept. */
export function passInfluences(
  kept: PassInfluenceScratch,
  partitions: number,
  curves: number,
): PassInfluences {
  const {
    unit,
    units: { count, ofRow },
  } = kept;
  const groups = groupsFor(partitions, ofRow.length, count);
  if (kept.parts.length < groups * count * curves) kept.parts = sharedDoubles(groups * count * curves);
  if (kept.psi.length < curves * count) kept.psi = sharedDoubles(curves * count);
  return {
    ofRow,
    units: count,
    unit,
    terms: sharedDoubles(partitions * curves * 2),
    groups,
    parts: kept.parts,
    psi: kept.psi,
  };
}

/** ψ of each unit on one curve. */
export function influenceOn({ psi, units }: PassInfluences, curve: number): Float64Array {
  return psi.subarray(curve * units, (curve + 1) * units);
}

function sharedDoubles(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}
