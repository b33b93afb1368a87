import { z } from 'zod';

export type Direction = 'maximize' | 'minimize';

interface MetricKind {
  readonly direction: Direction;
  /** The metric takes a cut-off, as in `ndcg@10`. */
  readonly cutoff: boolean;
  /** The metric moves with the weights. The others describe the calibration of a head. */
  readonly dependsOnWeights: boolean;
}

/** The metrics that the embedded evaluator computes, each of one head. */
export const METRIC_KINDS = {
  average_precision: { direction: 'maximize', cutoff: false, dependsOnWeights: true },
  roc_auc: { direction: 'maximize', cutoff: false, dependsOnWeights: true },
  grouped_auc: { direction: 'maximize', cutoff: false, dependsOnWeights: true },
  ndcg: { direction: 'maximize', cutoff: true, dependsOnWeights: true },
  log_loss: { direction: 'minimize', cutoff: false, dependsOnWeights: false },
  brier: { direction: 'minimize', cutoff: false, dependsOnWeights: false },
} as const satisfies Record<string, MetricKind>;

export type MetricKindName = keyof typeof METRIC_KINDS;

/** A metric of one head of a log, as in `long_click.ndcg@10`. */
export interface LogMetric {
  readonly name: string;
  readonly head: string;
  readonly kind: MetricKindName;
  readonly cutoff: number | undefined;
}

/** The name of any metric: of a log (`click.average_precision`) or of an external evaluator (`revenue`). */
export const metricNameSchema = z
  .string()
  .max(128)
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*(@[1-9][0-9]{0,5})?)?$/,
    'expected a metric name such as click.average_precision, click.ndcg@10 or revenue',
  )
  .refine((name) => !['__proto__', 'constructor', 'prototype', 'baseline'].includes(name), {
    error: (issue) => `"${String(issue.input)}" is a reserved word`,
  });

/**
 * Reads a metric name of the embedded evaluator, `HEAD.KIND` or `HEAD.KIND@K`.
 *
 * Returns the metric, or one line that says what is wrong and what is expected.
 */
export function parseLogMetric(name: string, heads: readonly string[]): LogMetric | string {
  const match = /^([^.@]+)\.([^.@]+)(?:@([0-9]+))?$/.exec(name);
  const kinds = Object.entries(METRIC_KINDS).map(([kind, { cutoff }]) => (cutoff ? `${kind}@K` : kind));
  if (match === null)
    return `unknown metric "${name}": expected HEAD.METRIC with METRIC one of ${kinds.join(', ')}`;
  const [, head = '', kind = '', cutoff] = match;
  if (!heads.includes(head)) {
    return `unknown metric "${name}": no head is named "${head}" (heads: ${heads.join(', ')})`;
  }
  if (!Object.hasOwn(METRIC_KINDS, kind)) {
    return `unknown metric "${name}": "${kind}" is not one of ${kinds.join(', ')}`;
  }
  const known = METRIC_KINDS[kind as MetricKindName];
  if (known.cutoff && cutoff === undefined)
    return `metric "${name}" needs a cut-off: ${name}@10, for example`;
  if (!known.cutoff && cutoff !== undefined)
    return `metric "${name}" takes no cut-off: expected ${head}.${kind}`;
  return {
    name,
    head,
    kind: kind as MetricKindName,
    cutoff: cutoff === undefined ? undefined : Number(cutoff),
  };
}
