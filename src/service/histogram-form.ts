import { partsOf } from '../domain/derived-metric.ts';
import { DomainError } from '../domain/errors.ts';
import { type LogMetric, METRIC_KINDS, type MetricKindName, parseLogMetric } from '../domain/metric.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import { isBinnable } from '../evaluator/histogram/bounded-metrics.ts';

/** Bins of utility where a study does not say how many. */
const DEFAULT_BINS = 4096;

/** The study as one on a log in the histogram form. */
export function inHistogramForm(study: StudyDefinition): StudyDefinition {
  return { ...study, log: study.log && { ...study.log, form: 'histogram', bins: binsOf(study) } };
}

export function binsOf({ log }: Pick<StudyDefinition, 'log'>): number {
  return log?.bins ?? DEFAULT_BINS;
}

interface NamedMetric {
  readonly pointer: string;
  readonly metric: string;
}

/** The metrics that a study names, those that derived ones are made of among them, and where. */
function namedMetrics(study: StudyDefinition): readonly NamedMetric[] {
  const { objective, guardrails, report = [], derived = {} } = study;
  const named = [
    ...objectivesOf(study).map(({ metric }, i) => ({
      pointer: objective === undefined ? `/objectives/${i}` : '/objective',
      metric,
    })),
    ...guardrails.map(({ metric }, i) => ({ pointer: `/guardrails/${i}`, metric })),
    ...report.map((metric, i) => ({ pointer: `/report/${i}`, metric })),
    ...Object.keys(derived).map((metric) => ({ pointer: `/derived/${metric}`, metric })),
  ];
  return named.flatMap(({ pointer, metric }) =>
    partsOf(study, metric).map((part) => ({ pointer, metric: part })),
  );
}

/** The metrics of a log that a study names. */
export function metricsNamed(study: StudyDefinition): readonly LogMetric[] {
  const heads = Object.keys(study.heads ?? {});
  return namedMetrics(study).flatMap(({ metric }) => {
    const parsed = parseLogMetric(metric, heads);
    return typeof parsed === 'string' ? [] : [parsed];
  });
}

/** What a study asks for that a log in the histogram form does not have, in one line; undefined where there is nothing. */
export function histogramProblem(study: StudyDefinition, isBootstrapped: boolean): DomainError | undefined {
  const heads = Object.keys(study.heads ?? {});
  for (const { pointer, metric } of namedMetrics(study)) {
    const parsed = parseLogMetric(metric, heads);
    if (typeof parsed === 'string' || isBinnable(parsed)) continue;
    const kinds = (Object.keys(METRIC_KINDS) as MetricKindName[]).filter((kind) => isBinnable({ kind }));
    return problem(
      pointer,
      `${metric} cannot be had from histograms of utility: expected one of ${kinds.join(', ')}, or log.form: rows`,
    );
  }
  for (const [name, { calibration }] of Object.entries(study.heads ?? {})) {
    if (calibration !== 'isotonic') continue;
    return problem(
      `/heads/${name}/calibration`,
      'is "isotonic", which is fitted to rows in memory: expected none or beta, or log.form: rows',
    );
  }
  if (study.holdout !== undefined)
    return problem('/holdout', `a hold-out ${LACKING}: expected none, or log.form: rows`);
  if (study.guardrailMargin !== undefined && study.guardrailMargin > 0)
    return problem(
      '/guardrailMargin',
      `${study.guardrailMargin} standard errors, which the histogram form does not have (its guardrails are met for certain, by bounds): ` +
        'expected 0, or log.form: rows',
    );
  if (isBootstrapped)
    return problem('/log/form', `a bootstrap (--bootstrap) ${LACKING}: expected none, or log.form: rows`);
  return undefined;
}

const LACKING = 'takes requests or users apart, which the histogram form does not';

function problem(pointer: string, message: string): DomainError {
  return new DomainError('study_unsupported', message, { pointer });
}
