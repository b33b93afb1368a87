import { isDerived, partsOf } from './derived-metric.ts';
import { formatGuardrail } from './guardrail.ts';
import { contradict } from './guardrail-rules.ts';
import { missingFromLog } from './log-metric-rules.ts';
import { METRIC_KINDS, parseLogMetric } from './metric.ts';
import type { StudyProblem } from './objective-rules.ts';
import type { OnlineDefinition, OnlineMetric } from './online.ts';
import { objectivesOf, type StudyDefinition } from './study.ts';

const MOST_METRICS = 20;

/** Metrics that are named are there, guardrails are multiples of the baseline, which has weights, and the log's metrics are measured. */
export function* onlineProblems(study: StudyDefinition): Generator<StudyProblem> {
  const { online, baseline } = study;
  if (online === undefined) return;
  if (baseline === undefined || !('weights' in baseline)) {
    yield {
      path: ['online'],
      message: 'needs the weights that every experiment compares with: add baseline: {weights: …}',
    };
  }
  const names = Object.keys(online.metrics);
  if (names.length < 1 || names.length > MOST_METRICS) {
    yield {
      path: ['online', 'metrics'],
      message: `has ${names.length} metrics: expected 1 to ${MOST_METRICS}`,
    };
    return;
  }
  for (const [metric, settings] of Object.entries(online.metrics)) {
    yield* metricProblems(study, metric, settings);
  }
  yield* objectiveProblems(online, names);
  yield* guardrailProblems(online, names);
}

function* metricProblems(
  study: StudyDefinition,
  metric: string,
  { kind, offline, mean, stddev }: OnlineMetric,
): Generator<StudyProblem> {
  const path = ['online', 'metrics', metric];
  if (kind === 'propensity' && mean !== undefined && !(mean > 0 && mean < 1)) {
    yield {
      path: [...path, 'mean'],
      message: `is ${mean}: expected a share between 0 and 1, such as 0.02 for 2 %`,
    };
  }
  if (kind === 'propensity' && stddev !== undefined) {
    yield { path: [...path, 'stddev'], message: 'follows from the mean of a propensity: expected none' };
  }
  if (stddev !== undefined && mean === undefined) {
    yield { path: [...path, 'stddev'], message: 'stands without a mean: expected both' };
  }
  const problem = offline === undefined ? undefined : offlineProblem(study, offline);
  if (problem !== undefined) yield { path: [...path, 'offline'], message: problem };
}

/** Why the log cannot know of a metric by this one of the study. */
function offlineProblem(study: StudyDefinition, offline: string): string | undefined {
  const { log, heads, derived = {}, guardrails, report = [] } = study;
  if (isDerived(study, offline)) return undefined;
  if (log !== undefined && heads !== undefined) {
    const parsed = parseLogMetric(offline, Object.keys(heads));
    if (typeof parsed === 'string') return parsed;
    if (!METRIC_KINDS[parsed.kind].dependsOnWeights) {
      return `${offline} does not depend on the weights: expected a metric that does`;
    }
    return missingFromLog(parsed, log);
  }
  const named = [...objectivesOf(study), ...guardrails].map(({ metric }) => metric);
  const combined = Object.keys(derived).flatMap((metric) => [metric, ...partsOf(study, metric)]);
  const measured = [...new Set([...named, ...combined, ...report])];
  if (measured.includes(offline)) return undefined;
  return `"${offline}" is no metric of the study: expected one of ${measured.join(', ')}, or it under report as well`;
}

function* objectiveProblems(
  { objective: { metric, direction } }: OnlineDefinition,
  names: readonly string[],
): Generator<StudyProblem> {
  const path = ['online', 'objective'];
  if (!names.includes(metric)) {
    yield { path, message: `unknown metric "${metric}": expected one of ${names.join(', ')}` };
  }
  if (direction === undefined) {
    yield {
      path,
      message: `"${metric}" has no direction: expected "maximize ${metric}" or "minimize ${metric}"`,
    };
  }
}

function* guardrailProblems(
  { guardrails }: OnlineDefinition,
  names: readonly string[],
): Generator<StudyProblem> {
  for (const [i, guardrail] of guardrails.entries()) {
    const path = ['online', 'guardrails', i];
    const { metric, factor, offset } = guardrail;
    if (!names.includes(metric)) {
      yield { path, message: `unknown metric "${metric}": expected one of ${names.join(', ')}` };
    }
    if (!(factor > 0 && offset === 0)) {
      yield {
        path,
        message: `"${formatGuardrail(guardrail)}" is not relative to the baseline of each experiment: expected ${metric} >= c * baseline or ${metric} <= c * baseline`,
      };
    }
    const earlier = guardrails.slice(0, i).find((other) => contradict(guardrail, other));
    if (earlier !== undefined) {
      yield {
        path,
        message: `"${formatGuardrail(guardrail)}" contradicts "${formatGuardrail(earlier)}": expected bounds that some value meets`,
      };
    }
  }
}
