import { isDerived, MOST_DERIVED_METRICS } from './derived-metric.ts';
import { missingFromLog } from './log-metric-rules.ts';
import { METRIC_KINDS, parseLogMetric } from './metric.ts';
import type { StudyProblem } from './objective-rules.ts';
import type { StudyDefinition } from './study.ts';

/** Not too many derived metrics, each of metrics that are measured, none with a value or a noise of its own. */
export function* derivedProblems(study: StudyDefinition): Generator<StudyProblem> {
  const { derived = {}, metrics, baseline } = study;
  const names = Object.keys(derived);
  if (names.length > MOST_DERIVED_METRICS) {
    yield {
      path: ['derived'],
      message: `has ${names.length} metrics: expected at most ${MOST_DERIVED_METRICS}`,
    };
  }
  for (const name of names) {
    const parts = Object.keys(derived[name]!.coefficients);
    for (const part of parts) {
      const message = partProblem(study, part);
      if (message !== undefined) yield { path: ['derived', name], message };
    }
    if (metrics[name]?.noise !== undefined) {
      yield {
        path: ['metrics', name, 'noise'],
        message: `follows from that of its parts: expected it on ${parts.join(', ')}`,
      };
    }
    if (baseline !== undefined && 'metrics' in baseline && Object.hasOwn(baseline.metrics, name)) {
      yield {
        path: ['baseline', 'metrics', name],
        message: `is derived: expected its parts alone, ${parts.join(', ')}`,
      };
    }
  }
}

function partProblem(study: StudyDefinition, part: string): string | undefined {
  const { log, heads } = study;
  if (isDerived(study, part)) return `"${part}" is derived itself: expected metrics that are measured`;
  if (log === undefined || heads === undefined) return undefined;
  const parsed = parseLogMetric(part, Object.keys(heads));
  if (typeof parsed === 'string') return parsed;
  const missing = missingFromLog(parsed, log);
  if (missing !== undefined) return missing;
  if (METRIC_KINDS[parsed.kind].dependsOnWeights) return undefined;
  return `${part} does not depend on the weights, so it can be no part: list it under report`;
}
