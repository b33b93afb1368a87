import type { LogMetric } from '../domain/metric.ts';
import type { EngagementLog } from './engagement-log.ts';
import { evaluate } from './evaluate.ts';
import type { EvaluationScratch } from './evaluation-scratch.ts';
import { LOG_METRICS, type MetricInput } from './log-metrics.ts';
import { poissonCount } from './poisson-counts.ts';
import type { Selection } from './selection.ts';
import type { Units } from './units.ts';
import type { Ordering } from './utility.ts';

/** How often each unit is drawn in each replicate. */
export interface Resamples {
  readonly units: Units;
  readonly replicates: number;
  /** replicates · units, replicate after replicate. */
  readonly counts: Uint8Array;
}

/** Draws the resamples of a log: a byte for each unit and replicate, a function of the seed alone. */
export function drawResamples(units: Units, replicates: number, seed: number): Resamples {
  const counts = new Uint8Array(replicates * units.count);
  for (let b = 0, k = 0; b < replicates; b++) {
    for (let u = 0; u < units.count; u++) counts[k++] = poissonCount(seed, u, b);
  }
  return { units, replicates, counts };
}

/**
 * The Poisson bootstrap of metrics of one ordering: the value of each in every replicate, where all row weights of unit u are
 * multiplied by the number of times that it was drawn; NaN where the replicate leaves the metric undefined.
 *
 * With the same `resamples`, replicates of two orderings are pairs (common random numbers). The ranking is made once, as
 * weights do not move it. Errors as of `evaluate`.
 *
 * Source: Chamandy et al. 2012, Estimating uncertainty for massive data streams; Owen and Eckles 2012, arXiv:1106.2125.
 */
export function bootstrap(
  log: EngagementLog,
  ordering: Ordering,
  metrics: readonly LogMetric[],
  resamples: Resamples,
  scratch: EvaluationScratch,
): Readonly<Record<string, Float64Array>> {
  const found: Record<string, Float64Array> = {};
  const reweighted = new Float64Array(log.rows);
  const ofRequests = new Float64Array(log.requests);
  for (const { name, kind } of metrics) {
    if (LOG_METRICS[kind].scope === 'unranked') scratch.constants.delete(name);
  }
  evaluate(log, ordering, metrics, scratch, (input) => {
    const { name, kind } = input.metric;
    if (LOG_METRICS[kind].scope === 'within requests') {
      found[name] = replicatesOfMean(input.rows, resamples);
    } else {
      found[name] = replicatesOf(input, resamples, reweighted, ofRequests);
    }
  });
  return found;
}

/** Of a mean over requests, from the terms that were found once. */
function replicatesOfMean({ terms }: Selection, { units, replicates, counts }: Resamples): Float64Array {
  const { value, weight } = terms!;
  return Float64Array.from({ length: replicates }, (_, b) => {
    const from = b * units.count;
    let sum = 0;
    let total = 0;
    for (let r = 0; r < value.length; r++) {
      const w = weight[r]! * counts[from + units.ofRequest[r]!]!;
      if (w === 0) continue;
      sum += w * value[r]!;
      total += w;
    }
    return sum / total;
  });
}

function replicatesOf(
  input: MetricInput,
  { units, replicates, counts }: Resamples,
  weight: Float64Array,
  requestWeight: Float64Array,
): Float64Array {
  const { rows: selected, metric } = input;
  const { terms: _terms, ...rows } = selected;
  const { compute } = LOG_METRICS[metric.kind];
  return Float64Array.from({ length: replicates }, (_, b) => {
    const from = b * units.count;
    for (let row = 0; row < weight.length; row++) {
      weight[row] = (rows.weight?.[row] ?? 1) * counts[from + units.ofRow[row]!]!;
    }
    for (let r = 0; r < requestWeight.length; r++) {
      requestWeight[r] = (rows.requestWeight?.[r] ?? 1) * counts[from + units.ofRequest[r]!]!;
    }
    return compute({ ...input, rows: { ...rows, weight, requestWeight } }) ?? NaN;
  });
}
