type Column = Float64Array | Int32Array | Int8Array;

const BLOCK_ROWS = 1 << 16;

/**
 * A column that grows by blocks: a log does not say beforehand how many rows it has, and a doubling array would
 * hold every row three times while it grows.
 */
export interface RowBlocks<T extends Column> {
  /** Adds the values whose `keep` is 1. */
  append(values: T, keep: Int8Array): void;
  /** Writes the value of each row to its place, and lets go of the blocks. */
  moveTo(target: T, place: Int32Array): void;
  /** Calls `visit` with every value, in order. */
  forEach(visit: (value: number, row: number) => void): void;
}

export function createRowBlocks<T extends Column>(allocate: (rows: number) => T): RowBlocks<T> {
  let blocks: T[] = [];
  let used = BLOCK_ROWS;
  const forEach = (visit: (value: number, row: number) => void): void => {
    blocks.forEach((block, b) => {
      const rows = b === blocks.length - 1 ? used : BLOCK_ROWS;
      for (let i = 0; i < rows; i++) visit(block[i]!, b * BLOCK_ROWS + i);
    });
  };
  return {
    append(values, keep) {
      let block = blocks.at(-1);
      for (let i = 0; i < values.length; i++) {
        if (keep[i] === 0) continue;
        if (block === undefined || used === BLOCK_ROWS) {
          block = allocate(BLOCK_ROWS);
          blocks.push(block);
          used = 0;
        }
        block[used++] = values[i]!;
      }
    },
    moveTo(target, place) {
      forEach((value, row) => {
        target[place[row]!] = value;
      });
      blocks = [];
    },
    forEach,
  };
}
