import { estimatorOf } from '../domain/counterfactual-metric.ts';
import type { LogMetric } from '../domain/metric.ts';
import { LOG_METRICS } from './log-metrics.ts';
import { MOST_SELECTIONS } from './pooled/label-codes.ts';
import { partitionsFor } from './pooled/partition-map.ts';
import { groupsFor } from './pooled/pass-influences.ts';
import { gainsAreLabels } from './row-gains.ts';
import { isCurve } from './pooled/pooled-values.ts';
import { LANES } from './replicates/replicate-counts.ts';

/** What is evaluated, and by how many. */
export interface EvaluationSize {
  readonly metrics: readonly LogMetric[];
  /** Metrics made of those. */
  readonly combinations: number;
  readonly workers: number;
  /** Evaluations that run at the same time, each with a scratch of its own. */
  readonly atOnce: number;
  /** Of a bootstrap at the end; 0 without one. */
  readonly replicates: number;
}

/** Rows of a request that are assumed of a log that is not read yet; units are assumed to be requests. */
const ROWS_PER_REQUEST = 6;

/** A worker's thread, with the room for its partition: measured, and rounded up. */
const THREAD_BYTES = 40e6;

/** `EvaluationScratch` and `InfluenceScratch`, but for what they keep of each selection and metric. */
const SCRATCH_BYTES_PER_ROW = 29 + 8;

/** What a bootstrap takes besides a byte for each unit and replicate: codes of labels, and blocks where a quarter of the rows have a positive. */
const RESAMPLING_BYTES_PER_ROW = 2 + 20 / 4;
/** Metrics of places that add up a gain of each row (`rowGains`), besides counterfactual ones. */
const GAINS_OF_ROWS: ReadonlySet<LogMetric['kind']> = new Set(['dcg', 'engagement']);

/** Bytes that evaluating a log with standard errors takes, besides the log: by row, request and unit once for each evaluation at a time. */
export function evaluationMemory(
  rows: number,
  { metrics, combinations, workers, atOnce, replicates }: EvaluationSize,
): number {
  const requests = rows / ROWS_PER_REQUEST;
  const groups = groupsFor(partitionsFor(rows), rows, requests);
  const curves = metrics.filter(({ kind }) => isCurve(kind));
  const selections = new Set(metrics.map(({ head, segment }) => `${head}[${segment ?? ''}]`));
  const ofSegments = new Set(
    metrics.filter(({ segment }) => segment !== undefined).map(({ head, segment }) => `${head}[${segment}]`),
  );
  const selectionsOfCurves = new Set(curves.map(({ head, segment }) => `${head}[${segment ?? ''}]`)).size;
  const inRequests = metrics.filter(({ kind }) => LOG_METRICS[kind].scope === 'within requests').length;
  const gains = metrics.filter(
    (metric) => (GAINS_OF_ROWS.has(metric.kind) || isCounterfactual(metric)) && !gainsAreLabels(metric),
  ).length;
  const perRow =
    SCRATCH_BYTES_PER_ROW +
    2 * Math.ceil(selectionsOfCurves / MOST_SELECTIONS) +
    ofSegments.size +
    8 * (gains + (metrics.some(isCounterfactual) ? 1 : 0));
  const perUnit = 8 * ((groups + 1) * curves.length + 1 + combinations);
  const perRequest = 16 + 16 * selections.size + 8 * inRequests;
  const kept = 8 * (metrics.length + combinations);
  const resampling = replicates === 0 ? 0 : requests * (replicates + LANES) + rows * RESAMPLING_BYTES_PER_ROW;
  return (
    workers * THREAD_BYTES +
    atOnce * (rows * perRow + requests * (perUnit + perRequest)) +
    requests * kept +
    resampling
  );
}

function isCounterfactual({ kind }: LogMetric): boolean {
  return estimatorOf(kind) !== undefined;
}
