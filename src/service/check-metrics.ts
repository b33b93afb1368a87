import { isDerived, partsOf } from '../domain/derived-metric.ts';
import { inputError, type InputProblem, pointerOf } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Measurements } from '../domain/trial.ts';
import { modelledMetrics } from '../optimizer/metric-roles.ts';

/**
 * Throws `metrics_invalid` with all that is wrong with the metrics of a trial, at their places in the body of the request:
 * those that are missing, unknown, lack their sem, or have one though they are exact; all of them null; one that the baseline
 * needs null. `number` is that of the trial, where it has one already.
 */
export function checkMetrics(definition: StudyDefinition, measurements: Measurements, number?: number): void {
  const problems = [
    ...metricProblems(definition, measurements),
    ...nullProblems(definition, measurements, number === BASELINE_TRIAL),
  ];
  if (problems.length > 0) throw inputError('metrics_invalid', problems);
}

/** A trial of which nothing was measured has failed, and the baseline is what all others are measured against. */
function* nullProblems(
  definition: StudyDefinition,
  measurements: Measurements,
  isBaseline: boolean,
): Generator<InputProblem> {
  const given = Object.entries(measurements);
  if (given.length > 0 && given.every(([, measured]) => measured === null)) {
    yield {
      pointer: '/metrics',
      detail: 'are all null: expected one that was measured, or ":fail" where none was',
    };
  } else if (isBaseline) {
    for (const metric of modelledMetrics(definition)) {
      if (measurements[metric] !== null) continue;
      yield {
        pointer: pointerOf(['metrics', metric]),
        detail: 'is null at the baseline, which all trials are compared with: expected what was measured',
      };
    }
  }
}

/** The metrics that a trial of this study may bring: those that are modelled, shown, or parts of derived ones. */
export function measurableMetrics(definition: StudyDefinition): readonly string[] {
  const shown = (definition.report ?? []).filter((metric) => !isDerived(definition, metric));
  const parts = Object.keys(definition.derived ?? {}).flatMap((metric) => partsOf(definition, metric));
  return [...new Set([...modelledMetrics(definition), ...shown, ...parts])];
}

function* metricProblems(definition: StudyDefinition, measurements: Measurements): Generator<InputProblem> {
  const needed = modelledMetrics(definition);
  const missing = needed.filter((metric) => !Object.hasOwn(measurements, metric));
  if (missing.length > 0) {
    yield { pointer: '/metrics', detail: `lacks ${missing.join(', ')}: expected ${needed.join(', ')}` };
  }
  const known = new Set(measurableMetrics(definition));
  for (const [metric, measured] of Object.entries(measurements)) {
    const pointer = pointerOf(['metrics', metric]);
    if (isDerived(definition, metric)) {
      const own = partsOf(definition, metric).join(', ');
      yield { pointer, detail: `is derived: expected what it is derived from alone, ${own}` };
    } else if (!known.has(metric)) {
      yield { pointer, detail: `unknown metric: expected ${[...known].join(', ')}` };
    } else if (measured === null) {
      continue;
    } else if (measured.sem === null && definition.metrics[metric]?.noise === 'known') {
      yield { pointer, detail: 'lacks its sem, which the study says is known: expected {mean, sem}' };
    } else if (measured.sem !== null && measured.sem > 0 && definition.metrics[metric]?.noise === 'none') {
      yield {
        pointer: `${pointer}/sem`,
        detail: `is ${measured.sem}, but the study says noise: none: expected no sem, or another noise for ${metric}`,
      };
    }
  }
}
