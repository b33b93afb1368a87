import { METRIC_KINDS, parseLogMetric, type Direction } from '../domain/metric.ts';
import type { StudyDefinition } from '../domain/study.ts';

/** The metrics that steer the study, each once, the objective first: one Gaussian process each. */
export function modelledMetrics({ objective, guardrails }: StudyDefinition): readonly string[] {
  return [...new Set([objective.metric, ...guardrails.map(({ metric }) => metric)])];
}

/** Which way the metric is better: as the study says, else as its kind and its head's sign say. */
export function directionOf({ metrics, heads = {}, objective }: StudyDefinition, metric: string): Direction {
  const stated =
    metrics[metric]?.direction ?? (metric === objective.metric ? objective.direction : undefined);
  if (stated !== undefined) return stated;
  const parsed = parseLogMetric(metric, Object.keys(heads));
  if (typeof parsed === 'string') return 'maximize';
  const { direction, dependsOnWeights } = METRIC_KINDS[parsed.kind];
  const unwanted = dependsOnWeights && heads[parsed.head]?.sign === -1;
  return unwanted ? (direction === 'maximize' ? 'minimize' : 'maximize') : direction;
}

/** +1 to maximise the objective, −1 to minimise it. */
export function objectiveSign(definition: StudyDefinition): 1 | -1 {
  return directionOf(definition, definition.objective.metric) === 'maximize' ? 1 : -1;
}
