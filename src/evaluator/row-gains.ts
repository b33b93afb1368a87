import type { LogMetric } from '../domain/metric.ts';
import type { EngagementLog } from './engagement-log.ts';
import type { EvaluationScratch } from './evaluation-scratch.ts';
import { debiasedGains } from './metrics/debiased-gains.ts';
import { gainsOf } from './metrics/gain.ts';
import type { Selection } from './selection.ts';

export const GAINS = { linear: gainsOf('linear'), exponential: gainsOf('exponential') } as const;

/** The gain of each row for a metric of shown places: its label, or what the metric's options make of it, kept in `scratch`. */
export function rowGains(
  log: EngagementLog,
  rows: Selection,
  metric: LogMetric,
  scratch: EvaluationScratch,
): Int8Array | Float64Array {
  if (gainsAreLabels(metric)) return rows.label;
  return keptGains(scratch, metric, () => gainsOfRows(log, rows, metric));
}

/** Whether the gains of a metric are the labels themselves, which take no memory. */
export function gainsAreLabels({ options: { gain, debias } }: Pick<LogMetric, 'options'>): boolean {
  return gain === 'linear' && debias === 'none';
}

function gainsOfRows(
  { examination }: EngagementLog,
  { label }: Selection,
  { options: { gain, debias, clip } }: LogMetric,
): Float64Array {
  const gains = Float64Array.from(label, (grade) => (grade > 0 ? GAINS[gain][grade]! : 0));
  if (debias === 'none') return gains;
  if (examination === undefined) throw new RangeError('the log was read without an examination');
  return debiasedGains(gains, examination, clip);
}

/** What does not depend on the ordering is computed once. */
export function keptGains(
  { gains }: EvaluationScratch,
  { name }: LogMetric,
  compute: () => Float64Array,
): Float64Array {
  const kept = gains.get(name) ?? compute();
  gains.set(name, kept);
  return kept;
}
