import { partsOf } from '../domain/derived-metric.ts';
import { DomainError } from '../domain/errors.ts';
import { type LogMetric, METRIC_KINDS, parseLogMetric } from '../domain/metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { modelledMetrics } from '../optimizer/metric-roles.ts';

/** What a log, in any form, holds of each head. */
export interface LoggedHeads {
  readonly heads: readonly { readonly name: string; readonly calibration: { readonly positives: number } }[];
}

/**
 * The metrics that each trial is scored on: those that steer the study, those of its report (left out, the average precision
 * of every head that has a positive), those that a derived metric is made of, and what the log knows of online metrics.
 *
 * Throws `log_invalid` where the log has no positive for the head of a metric that steers the study or is part of a
 * derived one.
 */
export function evaluatedMetrics(definition: StudyDefinition, log: LoggedHeads): readonly LogMetric[] {
  const heads = Object.keys(definition.heads ?? {});
  const positives = new Map(log.heads.map(({ name, calibration }) => [name, calibration.positives]));
  const derived = Object.keys(definition.derived ?? {}).flatMap((metric) => partsOf(definition, metric));
  const steering = modelledMetrics(definition);
  for (const metric of [...steering, ...derived, ...knownOnline(definition)]) {
    const { head, kind } = logMetric(metric, heads);
    if (METRIC_KINDS[kind].needsPositive && positives.get(head) === 0) {
      const column = definition.heads![head]!.label;
      throw new DomainError(
        'log_invalid',
        `column "${column}" has no positive label, which ${metric} needs: expected at least one 1`,
      );
    }
  }
  return scoredMetrics(
    definition,
    heads.filter((head) => positives.get(head)! > 0),
  );
}

/** The same where these heads have a positive. */
export function scoredMetrics(
  definition: StudyDefinition,
  withPositives: readonly string[],
): readonly LogMetric[] {
  const reported =
    definition.report?.flatMap((metric) => partsOf(definition, metric)) ??
    withPositives.map((head) => `${head}.average_precision`);
  const derived = Object.keys(definition.derived ?? {}).flatMap((metric) => partsOf(definition, metric));
  const names = new Set([
    ...modelledMetrics(definition),
    ...reported,
    ...derived,
    ...knownOnline(definition),
  ]);
  const heads = Object.keys(definition.heads ?? {});
  return [...names].map((metric) => logMetric(metric, heads));
}

/** What the log knows of the metrics of experiments. */
function knownOnline(definition: StudyDefinition): readonly string[] {
  return Object.values(definition.online?.metrics ?? {}).flatMap(({ offline }) =>
    offline === undefined ? [] : partsOf(definition, offline),
  );
}

function logMetric(name: string, heads: readonly string[]): LogMetric {
  const metric = parseLogMetric(name, heads);
  if (typeof metric === 'string') throw new DomainError('study_invalid', metric);
  return metric;
}
