import type { EngagementLog } from './engagement-log.ts';

/**
 * Rows that repeat an earlier one of their request in the scores and labels of all heads, and in place and logged score where
 * they are read: impressions logged twice, most likely, as continuous scores hardly meet by chance.
 *
 * Exact: a table of hashes for each request says which rows to compare.
 */
export function duplicateRows(log: EngagementLog): number {
  const { requestOffsets, heads, position, baselineScore } = log;
  const scores = heads.map(({ probability }) => probability);
  const labels = heads.map(({ grade, label }) => grade ?? label);
  const columns = [
    ...scores,
    ...labels,
    ...(position === undefined ? [] : [position]),
    ...(baselineScore === undefined ? [] : [baselineScore]),
  ];
  const bits = new Float64Array(1);
  const words = new Int32Array(bits.buffer);
  const hash = (row: number): number => {
    let h = 0;
    for (const column of columns) {
      bits[0] = column[row]! + 0;
      h = Math.imul(h ^ words[0]!, 0xcc9e2d51) ^ (h >>> 15);
      h = Math.imul(h ^ words[1]!, 0x1b873593) ^ (h >>> 13);
    }
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    return h ^ (h >>> 13);
  };
  const equal = (a: number, b: number): boolean => columns.every((column) => column[a] === column[b]);
  let slots = new Int32Array(64);
  let duplicates = 0;
  for (let r = 0; r + 1 < requestOffsets.length; r++) {
    const first = requestOffsets[r]!;
    const end = requestOffsets[r + 1]!;
    if (end - first < 2) continue;
    let capacity = 4;
    while (capacity < 2 * (end - first)) capacity *= 2;
    if (capacity > slots.length) slots = new Int32Array(capacity);
    else slots.fill(0, 0, capacity);
    for (let row = first; row < end; row++) {
      let slot = hash(row) & (capacity - 1);
      while (slots[slot] !== 0 && !equal(first + slots[slot]! - 1, row)) slot = (slot + 1) & (capacity - 1);
      if (slots[slot] === 0) slots[slot] = row - first + 1;
      else duplicates++;
    }
  }
  return duplicates;
}
