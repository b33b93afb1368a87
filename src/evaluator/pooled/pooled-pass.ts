import type { InfluenceTable } from './curve-influences.ts';
import type { CurveKind } from './curve-sums.ts';
import type { LabelCodes } from './label-codes.ts';
import { MOST_PARTITIONS, partitionMap, partitionsFor } from './partition-map.ts';
import { addInfluences, type SumsAbove, sumGroups } from './partition-influences.ts';
import {
  classOffsets,
  countClasses,
  MOST_CLASSES,
  type PartitionedRows,
  scatterRows,
} from './partition-rows.ts';
import { partOf, type Share } from '../team/share.ts';
import { lanesOf, totalsAbove, totalsWidth, workFor, writeSums, writeTotals } from './partition-sums.ts';
import type { PartitionWork } from './partition-work.ts';
import { type PassInfluences, type PassInfluenceScratch, passInfluences } from './pass-influences.ts';

/** A pooled metric of one selection of a pass. */
export interface Curve {
  readonly kind: CurveKind;
  /** The selection's place in the pass. */
  readonly selection: number;
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
  /** Where wanted. */
  readonly influences: PassInfluences | undefined;
}

export interface PassOptions {
  readonly shares?: number;
  /** For tests; left out, it follows from the rows. */
  readonly partitions?: number;
  /** Room for the influences of units on each curve, where they are wanted. */
  readonly influences?: PassInfluenceScratch | undefined;
}

/**
 * Lays out a pass (`stepsOf`), which computes pooled metrics of an ordering without a sort of its rows: only positives are
 * thresholds, so only they are sorted, and the other rows are counted between them. Ties are equal doubles, −0 equals +0.
 */
export function preparePass(
  codes: LabelCodes,
  curves: readonly Curve[],
  utility: Float64Array,
  rows: PartitionedRows,
  { shares = 1, partitions = partitionsFor(utility.length), influences }: PassOptions = {},
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
    influences: influences && passInfluences(influences, partitions, curves.length),
  };
}

/** What one thread keeps from partition to partition. */
export interface PassWorker {
  work: PartitionWork | undefined;
  table: InfluenceTable | undefined;
}

type PassStep = (pass: PooledPass, share: Share, worker: PassWorker) => void;

/**
 * The steps of a pass: every share of a step must be done before the next begins, in any thread and order.
 *
 * 1. classify rows into partitions of rising utility; 2. scatter them there; 3. weigh each partition; 4. sort its positives,
 * count its other rows between them, and sum the curves, which need of the partitions above only their totals.
 */
const CURVE_STEPS: readonly PassStep[] = [
  ({ codes, utility, rows, partitions, counts }, share) => {
    const [from, to] = partOf(utility.length, share);
    const ofShare = counts.subarray(share.share * MOST_CLASSES, (share.share + 1) * MOST_CLASSES);
    countClasses(utility, codes, partitionMap(utility, partitions), rows, ofShare, from, to);
  },
  ({ codes, utility, rows, counts, influences }, share) => {
    const [from, to] = partOf(utility.length, share);
    const cursors = countsOfShares(counts);
    classOffsets(cursors);
    scatterRows(utility, codes, rows, cursors[share.share]!, from, to, influences);
  },
  ({ codes, rows, partitions, counts, totals }, share) => {
    const [from, to] = partOf(partitions, share);
    writeTotals(codes, rows, classOffsets(countsOfShares(counts)), totals, from, to);
  },
  ({ codes, curves, rows, partitions, counts, totals, sums, influences }, share, worker) => {
    const [from, to] = partOf(partitions, share);
    const offsets = classOffsets(countsOfShares(counts));
    const above = totalsAbove(totals, partitions, totalsWidth(codes));
    worker.work = workFor(codes, offsets, worker.work);
    const { work } = worker;
    writeSums(codes, rows, offsets, curves, above, sums, influences?.terms, work, from, to);
  },
];

/** 5. find what each row adds to the influence of its unit, from its place among the thresholds; 6. add the groups up. */
const INFLUENCE_STEPS: readonly PassStep[] = [
  (pass, { share, shares }, worker) => {
    const { codes, curves, rows, partitions, counts } = pass;
    const influences = pass.influences!;
    const offsets = classOffsets(countsOfShares(counts));
    const above = sumsAbove(pass, influences);
    worker.work = workFor(codes, offsets, worker.work);
    worker.table = tableFor(worker.work.sort.capacity, curves.length, worker.table);
    const { work, table } = worker;
    for (let group = share; group < influences.groups; group += shares) {
      addInfluences(codes, rows, offsets, partitions, curves, above, influences, work, table, group);
    }
  },
  (pass, share) => {
    const influences = pass.influences!;
    const [from, to] = partOf(influences.units, share);
    const { totals, partitions, codes } = pass;
    const width = totalsWidth(codes);
    const all = totalsAbove(totals, partitions, width).subarray(partitions * width);
    sumGroups(
      influences,
      pass.curves.map((curve) => divisorOf(codes, all, curve)),
      from,
      to,
    );
  },
];

/** The steps of a pass: as said above, then those of influences where they are wanted. */
export function stepsOf({ influences }: PooledPass): readonly PassStep[] {
  return influences === undefined ? CURVE_STEPS : [...CURVE_STEPS, ...INFLUENCE_STEPS];
}

function sumsAbove(
  { codes, partitions, curves, totals, sums }: PooledPass,
  { terms }: PassInfluences,
): SumsAbove {
  return {
    totals: totalsAbove(totals, partitions, totalsWidth(codes)),
    sums: totalsAbove(sums, partitions, curves.length),
    terms: totalsAbove(terms, partitions, 2 * curves.length),
  };
}

function tableFor(capacity: number, curves: number, kept: InfluenceTable | undefined): InfluenceTable {
  const firstPositive = 2 * (capacity + 1);
  const length = (firstPositive + capacity) * curves;
  const values = kept !== undefined && kept.values.length >= length ? kept.values : new Float64Array(length);
  return { values, firstPositive, curves };
}

/** The metrics, once all steps are done, the same bits in any number of shares (ADR 0020): sums of partitions, added from the highest down. Undefined as each metric is. */
export function curveValues({
  codes,
  curves,
  partitions,
  totals,
  sums,
}: PooledPass): readonly (number | undefined)[] {
  const width = totalsWidth(codes);
  const all = totalsAbove(totals, partitions, width).subarray(partitions * width);
  return curves.map((curve, k) => {
    let sum = 0;
    for (let p = partitions - 1; p >= 0; p--) sum += sums[p * curves.length + k]!;
    const divisor = divisorOf(codes, all, curve);
    return divisor > 0 ? sum / divisor : undefined;
  });
}

/** What a curve's sum is divided by: positives, of ROC-AUC pairs; 0 or less where it is undefined. `all` the totals of all partitions. */
function divisorOf(codes: LabelCodes, all: Float64Array, { kind, selection }: Curve): number {
  const positives = all[selection]!;
  if (kind !== 'roc_auc') return positives;
  const lane = lanesOf(codes) === 1 ? 0 : selection;
  return positives * (all[codes.selections + lane]! - positives);
}

function sharedDoubles(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}

function countsOfShares(counts: Uint32Array): readonly Uint32Array[] {
  const shares = counts.length / MOST_CLASSES;
  return Array.from({ length: shares }, (_, s) => counts.slice(s * MOST_CLASSES, (s + 1) * MOST_CLASSES));
}
