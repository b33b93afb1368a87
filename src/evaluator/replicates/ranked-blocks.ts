import { type LabelCodes, POSITIVE_BITS } from '../pooled/label-codes.ts';
import type { Ranking } from '../ranking.ts';
import type { RowRanges } from './add-ranges.ts';

/** The blocks of tied rows of a ranking in which some selection has a positive, from above. */
export interface RankedBlocks {
  readonly size: number;
  /** The rows that count: those before block b are range 2b, its own are range 2b + 1; last those below all blocks. */
  readonly rows: RowRanges;
  /** By selection. */
  readonly positives: readonly BlockPositives[];
}

/** The blocks in which one selection has positives. */
export interface BlockPositives {
  readonly size: number;
  /** Which ones. */
  readonly block: Uint32Array;
  /** A range for each: its positives. */
  readonly rows: RowRanges;
}

/** Where the rows that count are laid out, n each; the second where rows are weighted. */
export interface RoomForRows {
  readonly unit: Uint32Array;
  readonly weight: Float64Array;
}

/**
 * Lays out a ranking for being passed many times. `codes` of selections that count the same rows, `positives` how many each
 * has, `unitOf` n.
 */
export function rankedBlocks(
  { order, tied }: Ranking,
  { code, weight }: LabelCodes,
  positives: readonly number[],
  unitOf: Int32Array,
  room: RoomForRows,
): RankedBlocks {
  const most = positives.reduce((sum, count) => sum + count, 0);
  const bounds = new Uint32Array(2 * most + 2);
  const found = positives.map((count) => emptyPositives(count, weight !== undefined));
  let written = 0;
  let size = 0;
  for (let i = 0; i < order.length;) {
    const start = i;
    const before = written;
    let bits = 0;
    do {
      const row = order[i++]!;
      const rowBits = code[row]!;
      if (rowBits === 0) continue;
      bits |= rowBits;
      if (weight !== undefined) room.weight[written] = weight[row]!;
      room.unit[written++] = unitOf[row]!;
    } while (i < order.length && tied[i] === 1);
    if ((bits & POSITIVE_BITS) === 0) continue;
    for (let k = start; k < i; k++) {
      const row = order[k]!;
      const rowBits = code[row]! & POSITIVE_BITS;
      for (let h = 0; rowBits >>> h > 0; h++) {
        if (((rowBits >>> h) & 1) === 1) addPositive(found[h]!, size, unitOf[row]!, weight?.[row]);
      }
    }
    bounds[2 * size + 1] = before;
    bounds[2 * size + 2] = written;
    size++;
  }
  bounds[2 * size + 1] = written;
  return { size, rows: { unit: room.unit, weight: weight && room.weight, bounds }, positives: found };
}

interface GrowingPositives extends BlockPositives {
  size: number;
}

function emptyPositives(rows: number, weighted: boolean): GrowingPositives {
  const weight = weighted ? new Float64Array(rows) : undefined;
  return {
    size: 0,
    block: new Uint32Array(rows),
    rows: { unit: new Uint32Array(rows), weight, bounds: new Uint32Array(rows + 1) },
  };
}

/** Adds a row to the last block that was added to, or to one below it. */
function addPositive(positives: GrowingPositives, block: number, unit: number, weight = 1): void {
  const { block: blocks, rows } = positives;
  if (positives.size === 0 || blocks[positives.size - 1] !== block) {
    blocks[positives.size++] = block;
    rows.bounds[positives.size] = rows.bounds[positives.size - 1]!;
  }
  const at = rows.bounds[positives.size]!++;
  rows.unit[at] = unit;
  if (rows.weight !== undefined) rows.weight[at] = weight;
}
