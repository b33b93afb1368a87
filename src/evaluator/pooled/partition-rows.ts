import { type LabelCodes, POSITIVE_BITS } from './label-codes.ts';
import { cellOf, MOST_PARTITIONS, type PartitionMap } from './partition-map.ts';

/** Partition p keeps its rows without a positive in class 2p, its positives in class 2p + 1. */
export const MOST_CLASSES = 2 * MOST_PARTITIONS;

/** Rows in the order of their classes; within a class in row order. */
export interface PartitionedRows {
  /** n */
  readonly classOfRow: Uint16Array;
  /** n, by class. */
  readonly utility: Float64Array;
  /** n, by class. */
  readonly code: Uint16Array;
  /** n, by class; not written where every row weighs 1. */
  readonly weight: Float64Array;
}

/** Finds the class of the rows from … to − 1 and counts them. `counts` MOST_CLASSES, overwritten. */
export function countClasses(
  utility: Float64Array,
  { code }: LabelCodes,
  { lowest, scale, partitionOfCell }: PartitionMap,
  { classOfRow }: PartitionedRows,
  counts: Uint32Array,
  from: number,
  to: number,
): void {
  counts.fill(0);
  for (let i = from; i < to; i++) {
    const partition = partitionOfCell[cellOf(utility[i]!, lowest, scale)]!;
    const rowClass = 2 * partition + ((code[i]! & POSITIVE_BITS) === 0 ? 0 : 1);
    classOfRow[i] = rowClass;
    counts[rowClass]!++;
  }
}

/**
 * Turns the counts of ranges of rows, one after the other, into where each range puts its first row of each class, and
 * returns where classes begin: MOST_CLASSES + 1.
 */
export function classOffsets(countsOfRanges: readonly Uint32Array[]): Uint32Array {
  const offsets = new Uint32Array(MOST_CLASSES + 1);
  let next = 0;
  for (let c = 0; c < MOST_CLASSES; c++) {
    offsets[c] = next;
    for (const counts of countsOfRanges) {
      const count = counts[c]!;
      counts[c] = next;
      next += count;
    }
  }
  offsets[MOST_CLASSES] = next;
  return offsets;
}

/** Puts the rows from … to − 1, and their units where given, in the places of their classes. `cursors`, from `classOffsets`, move on. */
export function scatterRows(
  utility: Float64Array,
  { code, weight }: LabelCodes,
  rows: PartitionedRows,
  cursors: Uint32Array,
  from: number,
  to: number,
  units?: { readonly ofRow: Int32Array; readonly unit: Int32Array },
): void {
  const { classOfRow } = rows;
  for (let i = from; i < to; i++) {
    const place = cursors[classOfRow[i]!]!++;
    rows.utility[place] = utility[i]!;
    rows.code[place] = code[i]!;
    if (weight !== undefined) rows.weight[place] = weight[i]!;
    if (units !== undefined) units.unit[place] = units.ofRow[i]!;
  }
}
