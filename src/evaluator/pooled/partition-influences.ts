import type { CurveKind } from './curve-sums.ts';
import { CURVE_INFLUENCES, type InfluenceTable, type WholeCurve } from './curve-influences.ts';
import { type LabelCodes, MOST_SELECTIONS } from './label-codes.ts';
import type { PartitionedRows } from './partition-rows.ts';
import { lanesOf } from './partition-sums.ts';
import type { PartitionWork, Thresholds } from './partition-work.ts';
import type { PassInfluences } from './pass-influences.ts';

/** Sums over all partitions above each, and last over all: of totals, of curves and of their terms. */
export interface SumsAbove {
  readonly totals: Float64Array;
  readonly sums: Float64Array;
  readonly terms: Float64Array;
}

/**
 * Adds the derivatives by the weights of the rows of one group of partitions to their units, in `parts`.
 *
 * Rows hold slots where they held utilities (`findThresholds`). `table` has room for the partition with the most positives.
 */
export function addInfluences(
  codes: LabelCodes,
  rows: PartitionedRows,
  offsets: Uint32Array,
  partitions: number,
  curves: readonly { readonly kind: CurveKind; readonly selection: number }[],
  above: SumsAbove,
  influences: PassInfluences,
  work: PartitionWork,
  table: InfluenceTable,
  group: number,
): void {
  const { groups, units, parts, unit } = influences;
  const part = parts.subarray(group * units * curves.length, (group + 1) * units * curves.length);
  part.fill(0);
  const heads = codes.selections;
  const lanes = lanesOf(codes);
  const selections = Uint8Array.from(curves, ({ selection }) => selection);
  const wholes = curves.map((curve, k) =>
    sumsOf(above, partitions, curve.selection, heads, lanes, k, curves.length),
  );
  const from = Math.floor((partitions * group) / groups);
  const to = Math.floor((partitions * (group + 1)) / groups);
  for (let p = from; p < to; p++) {
    const first = offsets[2 * p + 1]!;
    const [start, end] = [offsets[2 * p]!, offsets[2 * p + 2]!];
    const { thresholds } = work;
    clear(thresholds, end - first, heads, lanes);
    if (codes.uniform) countSlots(rows, start, first, end, heads, thresholds);
    else weighSlots(codes, rows, start, end, thresholds);
    curves.forEach(({ kind, selection }, k) => {
      const lane = lanes === 1 ? 0 : selection;
      const here = sumsOf(above, p, selection, heads, lanes, k, curves.length);
      CURVE_INFLUENCES[kind].write(thresholds, selection, heads, lane, lanes, here, wholes[k]!, table, k);
    });
    if (codes.uniform) {
      addNegatives(rows.utility, unit, start, first, table, part);
      addPositives(rows, unit, first, end, selections, table, part);
    } else addWeighted(codes, rows, unit, start, end, selections, table, part);
  }
}

function sumsOf(
  { totals, sums, terms }: SumsAbove,
  p: number,
  selection: number,
  heads: number,
  lanes: number,
  k: number,
  curves: number,
): WholeCurve {
  const width = heads + lanes;
  return {
    positives: totals[p * width + selection]!,
    rows: totals[p * width + heads + (lanes === 1 ? 0 : selection)]!,
    sum: sums[p * curves + k]!,
    gain: terms[(p * curves + k) * 2]!,
    loss: terms[(p * curves + k) * 2 + 1]!,
  };
}

/** A threshold for each positive: of those that are tied, the last has them all, and the others nothing. */
function clear(thresholds: Thresholds, size: number, heads: number, lanes: number): void {
  thresholds.size = size;
  thresholds.positives.fill(0, 0, size * heads);
  thresholds.tied.fill(0, 0, size * lanes);
  thresholds.between.fill(0, 0, (size + 1) * lanes);
}

function countSlots(
  { utility: slots, code }: PartitionedRows,
  start: number,
  first: number,
  end: number,
  heads: number,
  { positives, tied, between }: Thresholds,
): void {
  for (let i = start; i < first; i++) {
    const slot = slots[i]! | 0;
    if ((slot & 1) === 1) tied[slot >> 1]!++;
    else between[slot >> 1]!++;
  }
  for (let i = first; i < end; i++) {
    const t = slots[i]! >> 1;
    tied[t]!++;
    for (let left = code[i]!, h = 0; h < heads; h++, left >>>= 1) {
      positives[t * heads + h] = positives[t * heads + h]! + (left & 1);
    }
  }
}

function weighSlots(
  { selections: heads, weight: weighted }: LabelCodes,
  { utility: slots, code, weight }: PartitionedRows,
  start: number,
  end: number,
  { positives, tied, between }: Thresholds,
): void {
  for (let i = start; i < end; i++) {
    const slot = slots[i]! | 0;
    const base = (slot >> 1) * heads;
    const counts = (slot & 1) === 1 ? tied : between;
    const bits = code[i]!;
    const w = weighted === undefined ? 1 : weight[i]!;
    for (let h = 0; h < heads; h++) {
      if (((bits >>> (MOST_SELECTIONS + h)) & 1) === 1) counts[base + h] = counts[base + h]! + w;
      if (((bits >>> h) & 1) === 1) positives[base + h] = positives[base + h]! + w;
    }
  }
}

function addNegatives(
  slots: Float64Array,
  unit: Int32Array,
  from: number,
  to: number,
  { values, curves }: InfluenceTable,
  part: Float64Array,
): void {
  for (let i = from; i < to; i++) {
    const row = (slots[i]! | 0) * curves;
    const base = unit[i]! * curves;
    let k = 0;
    for (; k + 3 < curves; k += 4) {
      part[base + k] = part[base + k]! + values[row + k]!;
      part[base + k + 1] = part[base + k + 1]! + values[row + k + 1]!;
      part[base + k + 2] = part[base + k + 2]! + values[row + k + 2]!;
      part[base + k + 3] = part[base + k + 3]! + values[row + k + 3]!;
    }
    for (; k < curves; k++) part[base + k] = part[base + k]! + values[row + k]!;
  }
}

function addPositives(
  { utility: slots, code }: PartitionedRows,
  unit: Int32Array,
  from: number,
  to: number,
  selections: Uint8Array,
  { values, firstPositive, curves }: InfluenceTable,
  part: Float64Array,
): void {
  for (let i = from; i < to; i++) {
    const slot = slots[i]! | 0;
    const bits = code[i]!;
    const base = unit[i]! * curves;
    const row = slot * curves;
    const toPositive = (firstPositive + (slot >> 1)) * curves - row;
    for (let k = 0; k < curves; k++) {
      const isPositive = (bits >>> selections[k]!) & 1;
      part[base + k] = part[base + k]! + values[row + k + isPositive * toPositive]!;
    }
  }
}

/** The same where rows weigh, or selections count different rows. */
function addWeighted(
  { weight: weighted }: LabelCodes,
  { utility: slots, code, weight }: PartitionedRows,
  unit: Int32Array,
  from: number,
  to: number,
  selections: Uint8Array,
  { values, firstPositive, curves }: InfluenceTable,
  part: Float64Array,
): void {
  for (let i = from; i < to; i++) {
    const w = weighted === undefined ? 1 : weight[i]!;
    // A threshold that weighs nothing has no derivative in the table.
    if (w === 0) continue;
    const slot = slots[i]! | 0;
    const bits = code[i]!;
    const base = unit[i]! * curves;
    const row = slot * curves;
    const toPositive = (firstPositive + (slot >> 1)) * curves - row;
    for (let k = 0; k < curves; k++) {
      const selection = selections[k]!;
      if (((bits >>> (MOST_SELECTIONS + selection)) & 1) === 0) continue;
      const isPositive = (bits >>> selection) & 1;
      part[base + k] = part[base + k]! + w * values[row + k + isPositive * toPositive]!;
    }
  }
}

/** Adds the groups, in their order, for the units from … to − 1, and divides. `scales` one a curve. */
export function sumGroups(
  { groups, units, parts, psi }: PassInfluences,
  scales: readonly number[],
  from: number,
  to: number,
): void {
  const curves = scales.length;
  for (let u = from; u < to; u++) {
    for (let k = 0; k < curves; k++) {
      let sum = 0;
      for (let g = 0; g < groups; g++) sum += parts[(g * units + u) * curves + k]!;
      psi[k * units + u] = sum / scales[k]!;
    }
  }
}
