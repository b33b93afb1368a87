import { DIGIT_BITS, DIGITS, type EvaluationScratch } from './evaluation-scratch.ts';
import type { Ranking } from './ranking.ts';

const DIGIT_MASK = (1 << DIGIT_BITS) - 1;
const SIGN_BIT = 0x80000000;

/**
 * Orders all rows by utility from high to low, rows of equal utility in row order.
 *
 * A least-significant-digit radix sort of 64-bit keys: the bits of −u, with the sign bit flipped where −u ≥ 0 and all bits
 * flipped where −u < 0, compare as unsigned integers the way −u compares. Digits that all rows share are skipped. −0 equals +0.
 *
 * `utility` n finite. The ranking lives in `scratch` until the next call.
 */
export function rankPooled(utility: Float64Array, scratch: EvaluationScratch): Ranking {
  const rows = utility.length;
  writeKeys(utility, scratch);
  let source: 0 | 1 = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const counts = scratch.digitCounts.subarray(digit << DIGIT_BITS, (digit + 1) << DIGIT_BITS);
    const words = (digit < DIGITS / 2 ? scratch.keyLow : scratch.keyHigh)[source];
    const shift = (digit % (DIGITS / 2)) * DIGIT_BITS;
    if (counts[(words[0]! >>> shift) & DIGIT_MASK] === rows) continue;
    scatter(scratch, source, words, shift, counts);
    source = source === 0 ? 1 : 0;
  }
  markTies(scratch.keyLow[source], scratch.keyHigh[source], scratch.tied);
  return { order: scratch.order[source], tied: scratch.tied };
}

function writeKeys(utility: Float64Array, { keyLow, keyHigh, order, digitCounts }: EvaluationScratch): void {
  const bits = new Uint32Array(utility.buffer, utility.byteOffset, utility.length * 2);
  const [low] = keyLow;
  const [high] = keyHigh;
  const [index] = order;
  digitCounts.fill(0);
  const size = 1 << DIGIT_BITS;
  for (let i = 0; i < utility.length; i++) {
    if (utility[i] === 0) utility[i] = 0;
    const h = bits[2 * i + 1]!;
    const l = bits[2 * i]!;
    const positive = h < SIGN_BIT;
    const keyH = positive ? (h ^ (SIGN_BIT - 1)) >>> 0 : h;
    const keyL = positive ? ~l >>> 0 : l;
    low[i] = keyL;
    high[i] = keyH;
    index[i] = i;
    digitCounts[keyL & DIGIT_MASK]!++;
    digitCounts[size + ((keyL >>> DIGIT_BITS) & DIGIT_MASK)]!++;
    digitCounts[2 * size + (keyL >>> (2 * DIGIT_BITS))]!++;
    digitCounts[3 * size + (keyH & DIGIT_MASK)]!++;
    digitCounts[4 * size + ((keyH >>> DIGIT_BITS) & DIGIT_MASK)]!++;
    digitCounts[5 * size + (keyH >>> (2 * DIGIT_BITS))]!++;
  }
}

function scatter(
  { keyLow, keyHigh, order }: EvaluationScratch,
  source: 0 | 1,
  words: Uint32Array,
  shift: number,
  counts: Uint32Array,
): void {
  const target = source === 0 ? 1 : 0;
  const fromLow = keyLow[source];
  const fromHigh = keyHigh[source];
  const fromOrder = order[source];
  const toLow = keyLow[target];
  const toHigh = keyHigh[target];
  const toOrder = order[target];
  let start = 0;
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit]!;
    counts[digit] = start;
    start += count;
  }
  for (let i = 0; i < words.length; i++) {
    const place = counts[(words[i]! >>> shift) & DIGIT_MASK]!++;
    toLow[place] = fromLow[i]!;
    toHigh[place] = fromHigh[i]!;
    toOrder[place] = fromOrder[i]!;
  }
}

function markTies(low: Uint32Array, high: Uint32Array, tied: Uint8Array): void {
  tied[0] = 0;
  for (let i = 1; i < low.length; i++) {
    tied[i] = low[i] === low[i - 1] && high[i] === high[i - 1] ? 1 : 0;
  }
}
