import { isDerived, partsOf } from '../domain/derived-metric.ts';
import { inputError, type InputProblem, pointerOf } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Observations } from '../domain/trial.ts';
import { modelledMetrics } from '../optimizer/metric-roles.ts';

/**
 * Throws `metrics_invalid` with all that is wrong with the metrics of a trial, at their places in the body of the request:
 * those that are missing, unknown, lack their sem, or have one though they are exact.
 */
export function checkMetrics(definition: StudyDefinition, observations: Observations): void {
  const problems = [...metricProblems(definition, observations)];
  if (problems.length > 0) throw inputError('metrics_invalid', problems);
}

function* metricProblems(definition: StudyDefinition, observations: Observations): Generator<InputProblem> {
  const needed = modelledMetrics(definition);
  const missing = needed.filter((metric) => !Object.hasOwn(observations, metric));
  if (missing.length > 0) {
    yield { pointer: '/metrics', detail: `lacks ${missing.join(', ')}: expected ${needed.join(', ')}` };
  }
  const derived = Object.keys(definition.derived ?? {});
  const shown = (definition.report ?? []).filter((metric) => !isDerived(definition, metric));
  const parts = derived.flatMap((metric) => partsOf(definition, metric));
  const known = new Set([...needed, ...shown, ...parts]);
  for (const [metric, { sem }] of Object.entries(observations)) {
    const pointer = pointerOf(['metrics', metric]);
    if (isDerived(definition, metric)) {
      const own = partsOf(definition, metric).join(', ');
      yield { pointer, detail: `is derived: expected what it is derived from alone, ${own}` };
    } else if (!known.has(metric)) {
      yield { pointer, detail: `unknown metric: expected ${[...known].join(', ')}` };
    } else if (sem === null && definition.metrics[metric]?.noise === 'known') {
      yield { pointer, detail: 'lacks its sem, which the study says is known: expected {mean, sem}' };
    } else if (sem !== null && sem > 0 && definition.metrics[metric]?.noise === 'none') {
      yield {
        pointer: `${pointer}/sem`,
        detail: `is ${sem}, but the study says noise: none: expected no sem, or another noise for ${metric}`,
      };
    }
  }
}
