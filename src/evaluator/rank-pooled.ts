import type { EvaluationScratch } from './evaluation-scratch.ts';
import {
  cellOf,
  MOST_PARTITIONS,
  type PartitionMap,
  partitionMap,
  partitionsFor,
} from './pooled/partition-map.ts';
import { createSortWork, sortByUtility, type SortWork } from './pooled/sort-by-utility.ts';
import type { Ranking } from './ranking.ts';

/**
 * Orders all rows by utility from high to low, rows of equal utility in row order. −0 equals +0.
 *
 * Rows are scattered into partitions of rising utility (`partitionMap`), and each is sorted in a core's cache.
 *
 * `utility` n finite. The ranking lives in `scratch` until the next call.
 */
export function rankPooled(
  utility: Float64Array,
  { order: [order, rowOf], tied, pooled }: EvaluationScratch,
): Ranking {
  const partitions = partitionsFor(utility.length);
  const { utility: partitioned, classOfRow: partitionOfRow } = pooled.rows;
  const starts = countPartitions(utility, partitionMap(utility, partitions), partitionOfRow);
  scatter(utility, partitionOfRow, starts.slice(), partitioned, rowOf);
  const work = workFor(starts, pooled.sort);
  pooled.sort = work;
  let written = 0;
  for (let p = partitions - 1; p >= 0; p--) {
    const [from, to] = [starts[p]!, starts[p + 1]!];
    sortByUtility(partitioned, from, to, work);
    writeFalling(work, rowOf, to - from, order, tied, written);
    written += to - from;
  }
  return { order, tied };
}

/** The partition of each row; returned is where partitions begin, and the end. */
function countPartitions(
  utility: Float64Array,
  { lowest, scale, partitionOfCell }: PartitionMap,
  partitionOfRow: Uint16Array,
): Uint32Array {
  const starts = new Uint32Array(MOST_PARTITIONS + 1);
  for (let i = 0; i < utility.length; i++) {
    const partition = partitionOfCell[cellOf(utility[i]!, lowest, scale)]!;
    partitionOfRow[i] = partition;
    starts[partition + 1]!++;
  }
  for (let p = 1; p <= MOST_PARTITIONS; p++) starts[p] = starts[p]! + starts[p - 1]!;
  return starts;
}

function scatter(
  utility: Float64Array,
  partitionOfRow: Uint16Array,
  cursors: Uint32Array,
  partitioned: Float64Array,
  rowOf: Uint32Array,
): void {
  for (let i = 0; i < utility.length; i++) {
    const place = cursors[partitionOfRow[i]!]!++;
    partitioned[place] = utility[i]!;
    rowOf[place] = i;
  }
}

function workFor(starts: Uint32Array, kept: SortWork | undefined): SortWork {
  let most = 0;
  for (let p = 0; p < MOST_PARTITIONS; p++) most = Math.max(most, starts[p + 1]! - starts[p]!);
  return kept !== undefined && kept.capacity >= most ? kept : createSortWork(most);
}

/** Turns rising rows around, but tied ones not among themselves. */
function writeFalling(
  { sorted: { utility, place } }: SortWork,
  rowOf: Uint32Array,
  size: number,
  order: Uint32Array,
  tied: Uint8Array,
  start: number,
): void {
  let at = start;
  for (let last = size - 1; last >= 0;) {
    const u = utility[last]!;
    let first = last;
    while (first > 0 && u === utility[first - 1]) first--;
    for (let i = first; i <= last; i++) {
      tied[at] = i === first ? 0 : 1;
      order[at++] = rowOf[place[i]!]!;
    }
    last = first - 1;
  }
}
