import { partsOf } from '../domain/derived-metric.ts';
import { isWantedBySign, METRIC_KINDS, parseLogMetric, type Direction } from '../domain/metric.ts';
import type { Objective } from '../domain/objective.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';

/** The metrics that steer the study, each once, the objectives first; some may be derived. */
export function steeringMetrics(definition: StudyDefinition): readonly string[] {
  const steering = [...objectivesOf(definition), ...definition.guardrails];
  return [...new Set(steering.map(({ metric }) => metric))];
}

/** The measured metrics that those are made of, each once: one Gaussian process each. */
export function modelledMetrics(definition: StudyDefinition): readonly string[] {
  return [...new Set(steeringMetrics(definition).flatMap((metric) => partsOf(definition, metric)))];
}

/** The objective; of several the first. */
export function firstObjective(definition: StudyDefinition): Objective {
  return objectivesOf(definition)[0]!;
}

/** Whether the study looks for trade-offs of several objectives, not for one best trial. */
export function hasSeveralObjectives(definition: StudyDefinition): boolean {
  return objectivesOf(definition).length > 1;
}

/** Which way the metric is better: as the study says, else as its kind and its head's sign say. */
export function directionOf(definition: StudyDefinition, metric: string): Direction {
  const { metrics, heads = {} } = definition;
  const objective = objectivesOf(definition).find((each) => each.metric === metric);
  const stated = metrics[metric]?.direction ?? objective?.direction;
  if (stated !== undefined) return stated;
  const parsed = parseLogMetric(metric, Object.keys(heads));
  if (typeof parsed === 'string') return 'maximize';
  const { direction } = METRIC_KINDS[parsed.kind];
  const unwanted = isWantedBySign(parsed.kind) && heads[parsed.head]?.sign === -1;
  return unwanted ? (direction === 'maximize' ? 'minimize' : 'maximize') : direction;
}

/** +1 to maximise an objective, −1 to minimise it; of several the first, unless its metric is given. */
export function objectiveSign(
  definition: StudyDefinition,
  metric: string = firstObjective(definition).metric,
): 1 | -1 {
  return directionOf(definition, metric) === 'maximize' ? 1 : -1;
}
