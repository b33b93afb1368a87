import { CURVE_SUMS, type CurveKind } from './curve-sums.ts';
import type { LabelCodes } from './label-codes.ts';
import { partitionMap } from './partition-map.ts';
import {
  classOffsets,
  countClasses,
  MOST_CLASSES,
  type PartitionedRows,
  scatterRows,
} from './partition-rows.ts';
import {
  type Curve,
  lanesOf,
  totalsAbove,
  totalsWidth,
  workFor,
  writeSums,
  writeTotals,
} from './partition-sums.ts';
import type { PartitionWork } from './partition-work.ts';

/** A pooled metric of one selection of a pass. */
export interface WantedCurve {
  readonly kind: CurveKind;
  readonly selection: number;
}

/**
 * Computes pooled metrics of an ordering without sorting its rows: only positives are thresholds, so only they are sorted, and
 * the other rows are counted between them.
 *
 * Rows are scattered into partitions of rising utility that fit a core's cache; a partition's sum needs of those above it
 * only their totals. Ties are equal doubles, −0 equals +0. Counts are exact, so without weights no order of summation matters to
 * them; weights are added in row order within an interval, and curves are summed within a partition, then over partitions
 * from high to low.
 *
 * `utility` n finite; `rows` and `work` are overwritten. Undefined as the metric is (`averagePrecision`, `rocAuc`).
 */
export function pooledPass(
  codes: LabelCodes,
  wanted: readonly WantedCurve[],
  utility: Float64Array,
  rows: PartitionedRows,
  kept?: PartitionWork,
): { readonly values: readonly (number | undefined)[]; readonly work: PartitionWork } {
  const map = partitionMap(utility);
  const { partitions } = map;
  const cursors = new Uint32Array(MOST_CLASSES);
  countClasses(utility, codes, map, rows, cursors, 0, utility.length);
  const offsets = classOffsets([cursors]);
  scatterRows(utility, codes, rows, cursors, 0, utility.length);
  const totals = new Float64Array(partitions * totalsWidth(codes));
  writeTotals(codes, rows, offsets, totals, 0, partitions);
  const above = totalsAbove(totals, partitions, totalsWidth(codes));
  const curves = curvesOf(wanted);
  const sums = new Float64Array(partitions * curves.length);
  const work = workFor(codes, offsets, kept);
  writeSums(codes, rows, offsets, curves, above, sums, work, 0, partitions);
  return { values: curveValues(codes, wanted, partitions, above, sums), work };
}

export function curvesOf(wanted: readonly WantedCurve[]): readonly Curve[] {
  return wanted.map(({ kind, selection }) => ({ sum: CURVE_SUMS[kind], selection }));
}

/** The metrics from the sums of each partition, added from the highest down. */
export function curveValues(
  codes: LabelCodes,
  wanted: readonly WantedCurve[],
  partitions: number,
  above: Float64Array,
  sums: Float64Array,
): readonly (number | undefined)[] {
  const heads = codes.selections.length;
  const all = above.subarray(partitions * totalsWidth(codes));
  return wanted.map(({ kind, selection }, k) => {
    let sum = 0;
    for (let p = partitions - 1; p >= 0; p--) sum += sums[p * wanted.length + k]!;
    const positives = all[selection]!;
    if (positives === 0) return undefined;
    if (kind !== 'roc_auc') return sum / positives;
    const negatives = all[heads + (lanesOf(codes) === 1 ? 0 : selection)]! - positives;
    return negatives > 0 ? sum / (positives * negatives) : undefined;
  });
}
