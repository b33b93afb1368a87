import { z } from 'zod';
import { closestName } from './closest-name.ts';
import { counterfactualRefusal, ESTIMATORS } from './counterfactual-metric.ts';
import { type MetricOptions, type OptionName, parseMetricOptions } from './metric-option.ts';

export type Direction = 'maximize' | 'minimize';

interface MetricKind {
  readonly direction: Direction;
  /** Whether the metric takes a cut-off, as in `ndcg@10`. */
  readonly cutoff: 'none' | 'optional' | 'required';
  /** The options that it takes, as in `ndcg@10{gain=exponential}`. */
  readonly options: readonly OptionName[];
  /** The metric moves with the weights. The others describe the calibration of a head. */
  readonly dependsOnWeights: boolean;
  /** The metric is undefined, or always 0, for a head without a positive label. */
  readonly needsPositive: boolean;
  /** What is measured: the head's engagement, which its sign says whether to want, or the sample that tells of it. */
  readonly of?: 'sample';
}

const pooled = {
  direction: 'maximize',
  cutoff: 'none',
  options: [],
  dependsOnWeights: true,
  needsPositive: true,
} as const;
const atCutoff = { ...pooled, cutoff: 'required', options: ['empty'] } as const;
const ofPlace = { ...atCutoff, cutoff: 'optional' } as const;
/** Estimates of what another ranking than the logged one would have seen. */
const counterfactual = { ...pooled, cutoff: 'required', options: ['largestWeight', 'ess'] } as const;
const counterfactualDcg = { ...counterfactual, options: ['gain', 'largestWeight', 'ess'] } as const;
const ofSample = {
  ...counterfactual,
  options: ['largestWeight'],
  needsPositive: false,
  of: 'sample',
} as const;
const ofCalibration = {
  direction: 'minimize',
  cutoff: 'none',
  options: [],
  dependsOnWeights: false,
  needsPositive: false,
} as const;

/** The metrics that the embedded evaluator computes, each of one head. */
export const METRIC_KINDS = {
  average_precision: pooled,
  pr_auc_trapezoid: pooled,
  roc_auc: pooled,
  grouped_auc: { ...pooled, options: ['weights'] },
  ndcg: { ...atCutoff, options: ['gain', 'ties', 'empty'] },
  dcg: { ...atCutoff, options: ['gain', 'debias', 'clip'] },
  map: ofPlace,
  mrr: ofPlace,
  precision: atCutoff,
  recall: atCutoff,
  hit: atCutoff,
  engagement: { ...atCutoff, options: ['debias', 'clip'] },
  expected_engagement: { ...atCutoff, options: ['examination'], needsPositive: false },
  'ips.engagement': counterfactual,
  'ips.dcg': counterfactualDcg,
  'ips.ess': ofSample,
  'snips.engagement': counterfactual,
  'snips.dcg': counterfactualDcg,
  'snips.ess': ofSample,
  log_loss: ofCalibration,
  brier: ofCalibration,
  ece: { ...ofCalibration, options: ['bins', 'binning'] },
} as const satisfies Record<string, MetricKind>;

export type MetricKindName = keyof typeof METRIC_KINDS;

/** Whether more of the metric is better only of a head whose engagement is wanted. */
export function isWantedBySign(kind: MetricKindName): boolean {
  const { dependsOnWeights, of }: MetricKind = METRIC_KINDS[kind];
  return dependsOnWeights && of !== 'sample';
}

/** A metric of one head of a log, as in `long_click.ndcg@10{empty=zero}[segment=new_users]`. */
export interface LogMetric {
  readonly name: string;
  readonly head: string;
  readonly kind: MetricKindName;
  readonly cutoff: number | undefined;
  readonly options: MetricOptions;
  /** The rows that count; undefined where all do. */
  readonly segment: string | undefined;
}

const WORD = '[A-Za-z_][A-Za-z0-9_]*';
const OPTION = '[a-z_]+=[A-Za-z0-9_.]+';
const METRIC_NAME = new RegExp(
  `^${WORD}(\\.((${ESTIMATORS.join('|')})\\.)?${WORD}(@[1-9][0-9]{0,5})?(\\{${OPTION}(,${OPTION})*\\})?(\\[segment=[\\p{L}\\p{N}_.:+-]+\\])?)?$`,
  'u',
);

/** The name of any metric: of a log (`click.average_precision`) or of an external evaluator (`revenue`). */
export const metricNameSchema = z
  .string()
  .max(256)
  .regex(
    METRIC_NAME,
    'expected a metric name such as click.average_precision, click.ndcg@10, ' +
      'click.ndcg@10{empty=zero}[segment=new_users] or revenue',
  )
  .refine((name) => !['__proto__', 'constructor', 'prototype', 'baseline'].includes(name), {
    error: (issue) => `"${String(issue.input)}" is a reserved word`,
  });

/**
 * Reads a metric name of the embedded evaluator, `HEAD.KIND`, `HEAD.KIND@K` (KIND may begin with `ips.` or `snips.`), then `{OPTION=VALUE,…}`, then
 * `[segment=VALUE]`.
 *
 * Returns the metric, or one line that says what is wrong and what is expected.
 */
export function parseLogMetric(name: string, heads: readonly string[]): LogMetric | string {
  const match =
    /^([^.@{[]+)\.((?:(?:ips|snips)\.)?[^.@{[]+)(?:@([0-9]+))?(?:\{([^{}]*)\})?(?:\[segment=([^[\]]+)\])?$/.exec(
      name,
    );
  const kinds = Object.entries(METRIC_KINDS).map(([kind, { cutoff }]) =>
    cutoff === 'required' ? `${kind}@K` : kind,
  );
  if (match === null)
    return `unknown metric "${name}": expected HEAD.METRIC with METRIC one of ${kinds.join(', ')}`;
  const [, head = '', kindName = '', cutoff, options, segment] = match;
  if (!heads.includes(head)) {
    return `unknown metric "${name}": no head is named "${head}" (heads: ${heads.join(', ')})`;
  }
  if (!Object.hasOwn(METRIC_KINDS, kindName)) {
    const refusal = counterfactualRefusal(name, kindName);
    if (refusal !== undefined) return refusal;
    const closest = closestName(kindName, Object.keys(METRIC_KINDS));
    const hint = closest === undefined ? '' : ` (did you mean ${closest}?)`;
    return `unknown metric "${name}": "${kindName}"${hint} is not one of ${kinds.join(', ')}`;
  }
  const kind = kindName as MetricKindName;
  const known: MetricKind = METRIC_KINDS[kind];
  if (known.cutoff === 'required' && cutoff === undefined)
    return `metric "${name}" needs a cut-off: ${head}.${kind}@10, for example`;
  if (known.cutoff === 'none' && cutoff !== undefined)
    return `metric "${name}" takes no cut-off: expected ${head}.${kind}`;
  const parsed = parseMetricOptions(options, known.options);
  if (typeof parsed === 'string') return `metric "${name}" ${parsed}`;
  return {
    name,
    head,
    kind,
    cutoff: cutoff === undefined ? undefined : Number(cutoff),
    options: parsed,
    segment,
  };
}
