import { CURVE_INFLUENCES } from './curve-influences.ts';
import { CURVE_SUMS, type CurveKind } from './curve-sums.ts';
import { findThresholds } from './find-thresholds.ts';
import { type LabelCodes, MOST_SELECTIONS, POSITIVE_BITS } from './label-codes.ts';
import type { PartitionedRows } from './partition-rows.ts';
import { createPartitionWork, type PartitionWork } from './partition-work.ts';

export function lanesOf({ uniform, selections }: LabelCodes): number {
  return uniform ? 1 : selections;
}

/** Numbers that `writeTotals` finds of a partition: the positives of each selection, then the rows of each lane. */
export function totalsWidth(codes: LabelCodes): number {
  return codes.selections + lanesOf(codes);
}

/** Weighs the positives and rows of the partitions from … to − 1. `totals` partitions · width, overwritten. */
export function writeTotals(
  { selections: heads, uniform, weight: weighted }: LabelCodes,
  { code, weight }: PartitionedRows,
  offsets: Uint32Array,
  totals: Float64Array,
  from: number,
  to: number,
): void {
  const width = heads + (uniform ? 1 : heads);
  for (let p = from; p < to; p++) {
    const base = p * width;
    const end = offsets[2 * p + 2]!;
    totals.fill(0, base, base + width);
    if (uniform) totals[base + heads] = end - offsets[2 * p]!;
    for (let i = uniform ? offsets[2 * p + 1]! : offsets[2 * p]!; i < end; i++) {
      const bits = code[i]!;
      const w = weighted === undefined ? 1 : weight[i]!;
      for (let left = bits & POSITIVE_BITS; left !== 0; left &= left - 1) {
        const at = base + 31 - Math.clz32(left & -left);
        totals[at] = totals[at]! + w;
      }
      if (uniform) continue;
      for (let left = bits >>> MOST_SELECTIONS; left !== 0; left &= left - 1) {
        const at = base + heads + 31 - Math.clz32(left & -left);
        totals[at] = totals[at]! + w;
      }
    }
  }
}

/** The totals of all partitions above each, added from the highest down, and last of all partitions: (partitions + 1) · width. */
export function totalsAbove(totals: Float64Array, partitions: number, width: number): Float64Array {
  const above = new Float64Array((partitions + 1) * width);
  const sum = new Float64Array(width);
  for (let p = partitions - 1; p >= 0; p--) {
    above.set(sum, p * width);
    for (let k = 0; k < width; k++) sum[k] = sum[k]! + totals[p * width + k]!;
  }
  above.set(sum, partitions * width);
  return above;
}

/**
 * The sums of curves over the partitions from … to − 1: partitions · curves.
 *
 * Where `terms` is given, also gain and loss of each (`CurveInfluence`): partitions · curves · 2; and rows are left with slots in place of their
 * utilities (`findThresholds`).
 */
export function writeSums(
  codes: LabelCodes,
  rows: PartitionedRows,
  offsets: Uint32Array,
  curves: readonly { readonly kind: CurveKind; readonly selection: number }[],
  above: Float64Array,
  sums: Float64Array,
  terms: Float64Array | undefined,
  work: PartitionWork,
  from: number,
  to: number,
): void {
  const heads = codes.selections;
  const lanes = lanesOf(codes);
  const width = heads + lanes;
  for (let p = from; p < to; p++) {
    const thresholds = findThresholds(codes, rows, offsets, p, work, terms !== undefined);
    curves.forEach(({ kind, selection }, k) => {
      const lane = lanes === 1 ? 0 : selection;
      const here = { positives: above[p * width + selection]!, rows: above[p * width + heads + lane]! };
      const at = p * curves.length + k;
      sums[at] = CURVE_SUMS[kind](thresholds, selection, heads, lane, lanes, here);
      const found = terms && CURVE_INFLUENCES[kind].terms?.(thresholds, selection, heads, lane, lanes, here);
      if (terms !== undefined && found !== undefined) {
        terms[2 * at] = found.gain;
        terms[2 * at + 1] = found.loss;
      }
    });
  }
}

/** Room for the partition with the most positives; what is there already, where it is large enough. */
export function workFor(codes: LabelCodes, offsets: Uint32Array, kept?: PartitionWork): PartitionWork {
  let most = 0;
  for (let c = 1; c + 1 < offsets.length; c += 2) most = Math.max(most, offsets[c + 1]! - offsets[c]!);
  const heads = codes.selections;
  const lanes = lanesOf(codes);
  if (kept !== undefined && kept.sort.capacity >= most && kept.selections === heads && kept.lanes === lanes)
    return kept;
  return createPartitionWork(Math.ceil(most * ROOM_TO_GROW), heads, lanes);
}

/** Partitions differ from one ordering to the next. */
const ROOM_TO_GROW = 1.25;
