/** Metrics straight from their definitions, over pairs, thresholds and all orders of tied rows, for logs of a few rows. */
export interface Row {
  readonly request: number;
  readonly utility: number;
  readonly probability: number;
  /** 0 or 1, null where missing. */
  readonly label: number | null;
  /** The label, or the grade of which it says whether it is above 0. */
  readonly grade: number | null;
  readonly weight: number;
  readonly examination: number;
  readonly segment: string | null;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

export function weightedMean(
  pairs: readonly (readonly [value: number, weight: number])[],
): number | undefined {
  const total = sum(pairs.map(([, weight]) => weight));
  return total === 0 ? undefined : sum(pairs.map(([value, weight]) => value * weight)) / total;
}

const labelled = (rows: readonly Row[]): Row[] => rows.filter(({ label }) => label !== null);
const positivesOf = (rows: readonly Row[]): Row[] => rows.filter(({ label }) => label === 1);

export function naiveAuc(rows: readonly Row[]): number | undefined {
  return weightedMean(
    positivesOf(rows).flatMap((p) =>
      rows
        .filter(({ label }) => label === 0)
        .map((n) => [p.utility > n.utility ? 1 : p.utility === n.utility ? 0.5 : 0, p.weight * n.weight]),
    ),
  );
}

/** Precision of all that is at least as high as a threshold. */
function precisionFrom(rows: readonly Row[], threshold: number): number {
  const above = labelled(rows).filter(({ utility }) => utility >= threshold);
  return weightedMean(above.map(({ label, weight }) => [label!, weight]))!;
}

export function naiveAveragePrecision(rows: readonly Row[]): number | undefined {
  const weighty = positivesOf(rows).filter(({ weight }) => weight > 0);
  return weightedMean(weighty.map(({ utility, weight }) => [precisionFrom(rows, utility), weight]));
}

/** The area under straight lines between the points of all thresholds. */
export function naiveTrapezoid(rows: readonly Row[]): number | undefined {
  const weighty = labelled(rows).filter(({ weight }) => weight > 0);
  const all = sum(positivesOf(weighty).map(({ weight }) => weight));
  if (all === 0) return undefined;
  const thresholds = [...new Set(weighty.map(({ utility }) => utility))].sort((a, b) => b - a);
  const points = thresholds.map((threshold) => {
    const hit = positivesOf(weighty).filter(({ utility }) => utility >= threshold);
    return {
      recall: sum(hit.map(({ weight }) => weight)) / all,
      precision: precisionFrom(weighty, threshold),
    };
  });
  return sum(
    points.map((point, i) => {
      const before = points[i - 1] ?? { recall: 0, precision: 1 };
      return ((point.recall - before.recall) * (point.precision + before.precision)) / 2;
    }),
  );
}

/** Every order of the rows in which no row stands above one of higher utility. */
export function ordersOf(rows: readonly Row[]): Row[][] {
  if (rows.length === 0) return [[]];
  const highest = Math.max(...rows.map(({ utility }) => utility));
  return rows
    .filter(({ utility }) => utility === highest)
    .flatMap((first) => ordersOf(rows.filter((row) => row !== first)).map((rest) => [first, ...rest]));
}

/** A metric of one request in one order, from 1 for the first place. */
export type OrderValue = (order: readonly Row[]) => number;

const gainUpTo = (order: readonly Row[], k: number, gain: (row: Row, place: number) => number): number =>
  sum(order.slice(0, k).map((row, i) => gain(row, i + 1)));

export const discount = (place: number): number => Math.LN2 / Math.log(place + 1);

export type Gain = (grade: number) => number;
export const linear: Gain = (grade) => grade;
export const exponential: Gain = (grade) => 2 ** grade - 1;

export const dcg =
  (k: number, gain: Gain): OrderValue =>
  (order) =>
    gainUpTo(order, k, ({ grade }, place) => gain(grade!) * discount(place));

export const ndcg =
  (k: number, gain: Gain): OrderValue =>
  (order) =>
    dcg(k, gain)(order) / dcg(k, gain)([...order].sort((a, b) => b.grade! - a.grade!));

export const debiasedDcg =
  (k: number, clip: number): OrderValue =>
  (order) =>
    gainUpTo(order, k, (row, place) => (row.grade! * discount(place)) / Math.max(row.examination, clip));

export const debiased =
  (k: number): OrderValue =>
  (order) =>
    gainUpTo(order, k, ({ label, examination }) => label! / examination);

export const engagement =
  (k: number): OrderValue =>
  (order) =>
    gainUpTo(order, k, ({ label }) => label!);

export const believed =
  (k: number, examined: (place: number) => number): OrderValue =>
  (order) =>
    gainUpTo(order, k, ({ probability }, place) => probability * examined(place));

export const precision =
  (k: number): OrderValue =>
  (order) =>
    engagement(k)(order) / k;

export const recall =
  (k: number): OrderValue =>
  (order) =>
    engagement(k)(order) / positivesOf(order).length;

export const hit =
  (k: number): OrderValue =>
  (order) =>
    engagement(k)(order) > 0 ? 1 : 0;

export const reciprocalRank =
  (k: number): OrderValue =>
  (order) => {
    const place = order.findIndex(({ label }) => label === 1) + 1;
    return place <= k ? 1 / place : 0;
  };

export const averagePrecision =
  (k: number): OrderValue =>
  (order) =>
    gainUpTo(order, k, ({ label }, place) => label! * precision(place)(order)) / positivesOf(order).length;

/** What the metric of a request is over the orders of its ties. */
export const OVER_TIES = {
  averaged: mean,
  pessimistic: (values: readonly number[]): number => Math.min(...values),
  optimistic: (values: readonly number[]): number => Math.max(...values),
} as const;

function requestsOf(rows: readonly Row[]): Row[][] {
  const ids = [...new Set(rows.map(({ request }) => request))];
  return ids.map((id) => rows.filter(({ request }) => request === id));
}

const meanWeight = (rows: readonly Row[]): number => mean(rows.map(({ weight }) => weight));

/** The mean over requests that have a label; those without a positive are worth `empty`, or left out where it is undefined. */
export function overRequests(
  rows: readonly Row[],
  valueOf: OrderValue,
  empty: number | undefined,
  ties: keyof typeof OVER_TIES = 'averaged',
): number | undefined {
  return weightedMean(
    requestsOf(labelled(rows)).flatMap((request) => {
      const value =
        positivesOf(request).length === 0 ? empty : OVER_TIES[ties](ordersOf(request).map(valueOf));
      return value === undefined ? [] : [[value, meanWeight(request)] as const];
    }),
  );
}

/** The mean over requests, whatever their labels. */
export function overAllRequests(rows: readonly Row[], valueOf: OrderValue): number | undefined {
  return weightedMean(
    requestsOf(rows).map((request) => [mean(ordersOf(request).map(valueOf)), meanWeight(request)]),
  );
}

export function naiveGroupedAuc(
  rows: readonly Row[],
  groupWeight: (request: readonly Row[]) => number,
): number | undefined {
  return weightedMean(
    requestsOf(labelled(rows)).flatMap((request) => {
      const auc = naiveAuc(request);
      return auc === undefined ? [] : [[auc, groupWeight(request)] as const];
    }),
  );
}

export const GROUP_WEIGHT = {
  impression: (rows: readonly Row[]): number => sum(rows.map(({ weight }) => weight)),
  positive: (rows: readonly Row[]): number => sum(positivesOf(rows).map(({ weight }) => weight)),
  one: meanWeight,
} as const;

export function naiveBrier(rows: readonly Row[]): number | undefined {
  return weightedMean(labelled(rows).map((row) => [(row.probability - row.label!) ** 2, row.weight]));
}

export function naiveLogLoss(rows: readonly Row[]): number | undefined {
  return weightedMean(
    labelled(rows).map(({ probability, label, weight }) => {
      const p = Math.min(Math.max(label === 1 ? probability : 1 - probability, 2 ** -52), 1 - 2 ** -52);
      return [-Math.log(p), weight];
    }),
  );
}

/** `edges`: the upper ends of all bins but the last. */
function calibrationError(rows: readonly Row[], edges: readonly number[]): number | undefined {
  const total = sum(rows.map(({ weight }) => weight));
  if (total === 0) return undefined;
  const binOf = ({ probability }: Row): number => edges.filter((edge) => edge < probability).length;
  const gaps = [...new Set(rows.map(binOf))].map((bin) => {
    const inBin = rows.filter((row) => binOf(row) === bin);
    return Math.abs(sum(inBin.map(({ weight, probability, label }) => weight * (probability - label!))));
  });
  return sum(gaps) / total;
}

export function naiveUniformError(rows: readonly Row[], bins: number): number | undefined {
  const edges = Array.from({ length: bins - 1 }, (_, b) => (b + 1) / bins);
  return calibrationError(labelled(rows), edges);
}

export function naiveQuantileError(rows: readonly Row[], bins: number): number | undefined {
  const all = labelled(rows);
  const total = sum(all.map(({ weight }) => weight));
  const weightUpTo = (p: number): number =>
    sum(all.filter(({ probability }) => probability <= p).map(({ weight }) => weight));
  const sorted = all.map(({ probability }) => probability).sort((a, b) => a - b);
  const edges = Array.from({ length: bins - 1 }, (_, b) =>
    sorted.find((p) => weightUpTo(p) * bins >= (b + 1) * total)!,
  );
  return calibrationError(all, edges);
}
