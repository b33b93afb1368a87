import type { Ranking } from '../ranking.ts';
import { LANES, type Resamples } from './resamples.ts';

/** A block of tied rows with a positive among them, one value a replicate; overwritten by the next. */
export interface PositiveBlock {
  /** Weight of the rows above it. */
  readonly above: Float64Array;
  /** Weight of its positives. */
  readonly positives: Float64Array;
  /** Weight of all its rows. */
  readonly all: Float64Array;
}

/**
 * Visits the blocks that have a positive, from above, with what lies above each in every replicate; returns the weight of all
 * rows. Metrics of precision, recall and pairs need no more, and positives are rare.
 *
 * Rows without a positive in their block are only added up: unweighted four replicates at a time, as bytes of a word that are
 * carried over before one can overflow.
 */
export function visitPositiveBlocks(
  { order, tied }: Ranking,
  label: Int8Array,
  weight: Float64Array | undefined,
  { units: { ofRow }, stride, counts, most }: Resamples,
  visit: (block: PositiveBlock) => void,
): Float64Array {
  const above = new Float64Array(stride);
  const positives = new Float64Array(stride);
  const all = new Float64Array(stride);
  const tiedBlock: PositiveBlock = { above, positives, all };
  const alone = new Float64Array(stride);
  const blockOfOne: PositiveBlock = { above, positives: alone, all: alone };
  const words = new Int32Array(counts.buffer);
  const sums = new Int32Array(stride / LANES);
  const sumBytes = new Uint8Array(sums.buffer);
  const mostPending = Math.floor(255 / most);
  let pending = 0;
  const carry = (): void => {
    for (let b = 0; b < stride; b++) above[b]! += sumBytes[b]!;
    sums.fill(0);
    pending = 0;
  };
  const addLater = (row: number): void => {
    const from = (ofRow[row]! * stride) / LANES;
    addWords(words, from, sums);
    if (++pending === mostPending) carry();
  };
  for (let i = 0; i < order.length;) {
    const start = i;
    let hasPositive = false;
    do {
      if (label[order[i++]!] === 1) hasPositive = true;
    } while (i < order.length && tied[i] === 1);
    if (hasPositive && i - start === 1 && weight === undefined) {
      carry();
      const row = order[start]!;
      const from = ofRow[row]! * stride;
      for (let b = 0; b < stride; b++) alone[b] = counts[from + b]!;
      visit(blockOfOne);
      addLater(row);
      continue;
    }
    if (hasPositive) {
      carry();
      for (let k = start; k < i; k++) {
        const row = order[k]!;
        const y = label[row]!;
        if (y < 0) continue;
        const w = weight === undefined ? 1 : weight[row]!;
        const from = ofRow[row]! * stride;
        for (let b = 0; b < stride; b++) all[b]! += w * counts[from + b]!;
        if (y === 1) for (let b = 0; b < stride; b++) positives[b]! += w * counts[from + b]!;
      }
      visit(tiedBlock);
      for (let b = 0; b < stride; b++) {
        above[b]! += all[b]!;
        all[b] = 0;
        positives[b] = 0;
      }
      continue;
    }
    for (let k = start; k < i; k++) {
      const row = order[k]!;
      if (label[row]! < 0) continue;
      if (weight === undefined) addLater(row);
      else {
        const from = ofRow[row]! * stride;
        for (let b = 0; b < stride; b++) above[b]! += weight[row]! * counts[from + b]!;
      }
    }
  }
  carry();
  return above;
}

function addWords(words: Int32Array, from: number, sums: Int32Array): void {
  const { length } = sums;
  for (let word = 0; word < length; word++) sums[word] = (sums[word]! + words[from + word]!) | 0;
}
