import { isDerived, partsOf } from './derived-metric.ts';
import { missingFromLog } from './log-metric-rules.ts';
import { METRIC_KINDS, parseLogMetric } from './metric.ts';
import type { StudyProblem } from './objective-rules.ts';
import { objectivesOf, type StudyDefinition } from './study.ts';

/** Every metric that a study names is one that is measured: of its log, or by its external evaluator. */
export function* metricProblems(study: StudyDefinition): Generator<StudyProblem> {
  const { heads, log, objective, guardrails, metrics, report } = study;
  if (log === undefined || heads === undefined) {
    yield* unusedProblems(study);
    return;
  }
  const named = [
    ...objectivesOf(study).map(({ metric }, i) => ({
      path: objective === undefined ? ['objectives', i] : ['objective'],
      metric,
      steers: true,
    })),
    ...guardrails.map(({ metric }, i) => ({ path: ['guardrails', i], metric, steers: true })),
    ...(report ?? []).map((metric, i) => ({ path: ['report', i], metric, steers: false })),
    ...Object.keys(metrics).map((metric) => ({ path: ['metrics', metric], metric, steers: false })),
  ];
  for (const [metric, { noise }] of Object.entries(metrics)) {
    if (noise !== undefined && noise !== 'none' && !isDerived(study, metric)) {
      yield {
        path: ['metrics', metric, 'noise'],
        message: `"${noise}" on a log, which gives the same number every time: expected none`,
      };
    }
  }
  const derived = Object.keys(study.derived ?? {});
  const orDerived = derived.length === 0 ? '' : `, or a derived metric (${derived.join(', ')})`;
  for (const { path, metric, steers } of named) {
    if (isDerived(study, metric)) continue;
    const parsed = parseLogMetric(metric, Object.keys(heads));
    if (typeof parsed === 'string') {
      yield { path, message: `${parsed}${orDerived}` };
      continue;
    }
    const missing = missingFromLog(parsed, log);
    if (missing !== undefined) yield { path, message: missing };
    if (steers && !METRIC_KINDS[parsed.kind].dependsOnWeights) {
      yield {
        path,
        message: `${metric} does not depend on the weights, so it can be neither objective nor guardrail: list it under report`,
      };
    }
  }
}

/** Settings of an external evaluator's metric that nothing uses: most likely another one was meant. */
function* unusedProblems(study: StudyDefinition): Generator<StudyProblem> {
  const { guardrails, metrics, derived = {}, report = [] } = study;
  const named = [...objectivesOf(study), ...guardrails].map(({ metric }) => metric);
  const combined = Object.keys(derived).flatMap((metric) => [metric, ...partsOf(study, metric)]);
  const used = new Set([...named, ...combined, ...report]);
  for (const metric of Object.keys(metrics)) {
    if (used.has(metric)) continue;
    yield {
      path: ['metrics', metric],
      message: `is used by nothing: expected one of ${[...used].join(', ')}, or it under report as well`,
    };
  }
}
