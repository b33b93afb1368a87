/** Partitions that fit a core's cache, and cursors of them that fit its smallest. */
export const MOST_PARTITIONS = 256;
/** Below this, a log is one partition. */
const ROWS_PER_PARTITION = 65536;
const SAMPLE = 4096;
export const CELLS = 4096;
/** The share of the sample beyond either end of the cells, so that a few extreme rows do not widen them all. */
const TAIL = 1 / 512;

/** How many partitions a log has: as many as make them small. */
export function partitionsFor(rows: number): number {
  return Math.min(MOST_PARTITIONS, Math.ceil(rows / ROWS_PER_PARTITION));
}

/** A map of utilities to partitions that never falls: rows of equal utility share one. */
export interface PartitionMap {
  readonly partitions: number;
  readonly lowest: number;
  /** Cells per unit of utility. */
  readonly scale: number;
  /** CELLS, rising. */
  readonly partitionOfCell: Uint8Array;
}

/**
 * Divides utilities into partitions of about the same number of rows, by the quantiles of a sample in row order.
 *
 * partition(u) = table[⌊(u − lowest) · scale⌋], the cell clamped to the table
 *
 * Each of −, ·, ⌊ ⌋ and the table never falls as u rises, in floating point too, which is all that exactness needs. A
 * function of the utilities alone. `utility` n ≥ 1, finite.
 */
export function partitionMap(utility: Float64Array, partitions: number): PartitionMap {
  const rows = utility.length;
  const partitionOfCell = new Uint8Array(CELLS);
  if (partitions === 1) return { partitions, lowest: 0, scale: 0, partitionOfCell };
  const sample = Float64Array.from({ length: SAMPLE }, (_, s) => utility[Math.floor((s * rows) / SAMPLE)]!);
  sample.sort();
  const tail = Math.floor(SAMPLE * TAIL);
  const lowest = sample[tail]!;
  const scale = finiteScale(CELLS - 1, lowest, sample[SAMPLE - 1 - tail]!);
  const counts = new Uint32Array(CELLS);
  for (const u of sample) counts[cellOf(u, lowest, scale)]!++;
  let below = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    partitionOfCell[cell] = Math.min(partitions - 1, Math.floor((below * partitions) / SAMPLE));
    below += counts[cell]!;
  }
  return { partitions, lowest, scale, partitionOfCell };
}

/** Steps per unit from low to high; 0, which sends all to one step, where the range is nothing or has no finite scale. */
export function finiteScale(steps: number, low: number, high: number): number {
  const scale = steps / (high - low);
  return Number.isFinite(scale) ? scale : 0;
}

/** The cell of a utility; where scale · distance is not a number, as of ∞ · 0, the first. */
export function cellOf(u: number, lowest: number, scale: number): number {
  const x = (u - lowest) * scale;
  return x < 0 ? 0 : x > CELLS - 1 ? CELLS - 1 : x | 0;
}
