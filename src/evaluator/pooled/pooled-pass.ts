import { CURVE_SUMS, type CurveKind } from './curve-sums.ts';
import type { LabelCodes } from './label-codes.ts';
import { MOST_PARTITIONS, partitionMap, partitionsFor } from './partition-map.ts';
import {
  classOffsets,
  countClasses,
  MOST_CLASSES,
  type PartitionedRows,
  scatterRows,
} from './partition-rows.ts';
import { lanesOf, totalsAbove, totalsWidth, workFor, writeSums, writeTotals } from './partition-sums.ts';
import type { PartitionWork } from './partition-work.ts';

/** A pooled metric of one selection of a pass. */
export interface Curve {
  readonly kind: CurveKind;
  /** The selection's place in the pass. */
  readonly selection: number;
}

/** One thread's part of the rows, then of the partitions. */
export interface Share {
  readonly share: number;
  readonly shares: number;
}

/** What a pass reads and writes; where threads share it, its arrays lie in shared memory. */
export interface PooledPass {
  readonly codes: LabelCodes;
  readonly curves: readonly Curve[];
  /** n, finite. */
  readonly utility: Float64Array;
  readonly rows: PartitionedRows;
  readonly partitions: number;
  /** shares · MOST_CLASSES: the rows of each class in each share. */
  readonly counts: Uint32Array;
  /** partitions · totalsWidth. */
  readonly totals: Float64Array;
  /** partitions · curves. */
  readonly sums: Float64Array;
}

/** Lays out a pass. `partitions` is for tests; left out, it follows from the rows. */
export function preparePass(
  codes: LabelCodes,
  curves: readonly Curve[],
  utility: Float64Array,
  rows: PartitionedRows,
  shares = 1,
  partitions = partitionsFor(utility.length),
): PooledPass {
  if (partitions > MOST_PARTITIONS) throw new RangeError(`${partitions} partitions`);
  return {
    codes,
    curves,
    utility,
    rows,
    partitions,
    counts: new Uint32Array(new SharedArrayBuffer(4 * shares * MOST_CLASSES)),
    totals: sharedDoubles(partitions * totalsWidth(codes)),
    sums: sharedDoubles(partitions * curves.length),
  };
}

/** What one thread keeps from partition to partition. */
export interface PassWorker {
  work: PartitionWork | undefined;
}

/**
 * The steps of a pass: every share of a step must be done before the next begins, in any thread and order.
 *
 * 1. classify rows into partitions of rising utility; 2. scatter them there; 3. weigh each partition; 4. sort its positives,
 * count its other rows between them, and sum the curves, which need of the partitions above only their totals.
 */
export const PASS_STEPS: readonly ((pass: PooledPass, share: Share, worker: PassWorker) => void)[] = [
  ({ codes, utility, rows, partitions, counts }, share) => {
    const [from, to] = part(utility.length, share);
    const ofShare = counts.subarray(share.share * MOST_CLASSES, (share.share + 1) * MOST_CLASSES);
    countClasses(utility, codes, partitionMap(utility, partitions), rows, ofShare, from, to);
  },
  ({ codes, utility, rows, counts }, share) => {
    const [from, to] = part(utility.length, share);
    const cursors = countsOfShares(counts);
    classOffsets(cursors);
    scatterRows(utility, codes, rows, cursors[share.share]!, from, to);
  },
  ({ codes, rows, partitions, counts, totals }, share) => {
    const [from, to] = part(partitions, share);
    writeTotals(codes, rows, classOffsets(countsOfShares(counts)), totals, from, to);
  },
  ({ codes, curves, rows, partitions, counts, totals, sums }, share, worker) => {
    const [from, to] = part(partitions, share);
    const offsets = classOffsets(countsOfShares(counts));
    const above = totalsAbove(totals, partitions, totalsWidth(codes));
    const curveSums = curves.map(({ kind, selection }) => ({ sum: CURVE_SUMS[kind], selection }));
    worker.work = workFor(codes, offsets, worker.work);
    writeSums(codes, rows, offsets, curveSums, above, sums, worker.work, from, to);
  },
];

/**
 * Computes pooled metrics of an ordering in this thread, without a sort of its rows: only positives are thresholds, so only they
 * are sorted, and the other rows are counted between them. Ties are equal doubles, −0 equals +0.
 *
 * Undefined where the metric is (`averagePrecision`, `rocAuc`). Steps done in shares give the same bits (ADR 0020).
 */
export function runPass(pass: PooledPass, worker: PassWorker): readonly (number | undefined)[] {
  for (const step of PASS_STEPS) step(pass, { share: 0, shares: 1 }, worker);
  return curveValues(pass);
}

/** The metrics, once all steps are done: sums of partitions, added from the highest down. Undefined as each metric is. */
export function curveValues({
  codes,
  curves,
  partitions,
  totals,
  sums,
}: PooledPass): readonly (number | undefined)[] {
  const width = totalsWidth(codes);
  const all = totalsAbove(totals, partitions, width).subarray(partitions * width);
  return curves.map(({ kind, selection }, k) => {
    let sum = 0;
    for (let p = partitions - 1; p >= 0; p--) sum += sums[p * curves.length + k]!;
    const positives = all[selection]!;
    if (positives === 0) return undefined;
    if (kind !== 'roc_auc') return sum / positives;
    const lane = lanesOf(codes) === 1 ? 0 : selection;
    const negatives = all[codes.selections.length + lane]! - positives;
    return negatives > 0 ? sum / (positives * negatives) : undefined;
  });
}

function sharedDoubles(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}

function countsOfShares(counts: Uint32Array): readonly Uint32Array[] {
  const shares = counts.length / MOST_CLASSES;
  return Array.from({ length: shares }, (_, s) => counts.slice(s * MOST_CLASSES, (s + 1) * MOST_CLASSES));
}

function part(length: number, { share, shares }: Share): readonly [number, number] {
  return [Math.floor((length * share) / shares), Math.floor((length * (share + 1)) / shares)];
}
