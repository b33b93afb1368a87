import { formatGuardrail, type Guardrail, isMultiplicative } from './guardrail.ts';
import { missingFromLog } from './log-metric-rules.ts';
import { METRIC_KINDS, parseLogMetric } from './metric.ts';
import { objectiveProblems, type StudyProblem } from './objective-rules.ts';
import { objectivesOf, type StudyDefinition, studyShape } from './study.ts';

const MOST_WEIGHTS = 20;

/** Rounding of a sum of decimal weights that a person typed. */
const SUM_TOLERANCE = 1e-9;

/** A study: what to optimise, over which weights, under which constraints. The study file and the REST body. */
export const studySchema = studyShape
  .refine(({ objective, objectives }) => objective !== undefined || objectives !== undefined, {
    path: ['objective'],
    message: 'is missing: expected objective: maximize METRIC, or objectives: a list of 2 to 4 such',
    // A key that is missing is told together with whatever else is, which the rules below are not.
    when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value),
  })
  .check((context) => {
    for (const { path, message } of studyProblems(context.value)) {
      context.issues.push({ code: 'custom', message, path: [...path], input: context.value });
    }
  });

function* studyProblems(study: StudyDefinition): Generator<StudyProblem> {
  const count = Object.keys(study.weights).length;
  if (count < 1 || count > MOST_WEIGHTS) {
    yield { path: ['weights'], message: `has ${count} weights: expected 1 to ${MOST_WEIGHTS}` };
    return;
  }
  yield* objectiveProblems(study);
  yield* rangeProblems(study);
  yield* sumProblems(study);
  yield* constraintProblems(study);
  yield* logProblems(study);
  yield* metricProblems(study);
  yield* baselineProblems(study);
}

function* rangeProblems({ weights, log }: StudyDefinition): Generator<StudyProblem> {
  for (const [name, { min, max }] of Object.entries(weights)) {
    const path = ['weights', name];
    if (min > max) yield { path, message: `range [${min}, ${max}] is empty: expected min <= max` };
    if (log !== undefined && min < 0) {
      yield {
        path,
        message: `range [${min}, ${max}] has a negative weight: expected min >= 0 (a head that is bad takes sign: -1)`,
      };
    }
  }
}

/** Ranges that cannot meet the sum whatever the linear constraints. */
function* sumProblems({ weights, sum }: StudyDefinition): Generator<StudyProblem> {
  if (sum === undefined) return;
  const ranges = Object.values(weights);
  const least = ranges.reduce((total, { min }) => total + min, 0);
  const most = ranges.reduce((total, { max }) => total + max, 0);
  const slack = SUM_TOLERANCE * Math.max(1, sum);
  if (least <= sum + slack && sum <= most + slack) return;
  yield {
    path: ['weights'],
    message: `the ranges allow sums from ${tidy(least)} to ${tidy(most)}: expected ${sum} among them`,
  };
}

/** A sum of decimals without the rounding of its last digits. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

function* constraintProblems({ weights, constraints }: StudyDefinition): Generator<StudyProblem> {
  for (const [i, { coefficients }] of constraints.entries()) {
    const unknown = Object.keys(coefficients).find((name) => !Object.hasOwn(weights, name));
    if (unknown !== undefined) {
      yield {
        path: ['constraints', i],
        message: `unknown weight "${unknown}": expected one of ${Object.keys(weights).join(', ')}`,
      };
    }
  }
}

function* logProblems({ weights, heads, log }: StudyDefinition): Generator<StudyProblem> {
  if (log === undefined && heads === undefined) return;
  if (log === undefined) yield { path: ['heads'], message: 'heads need a log: add log: {path, request}' };
  if (heads === undefined) {
    yield {
      path: ['log'],
      message: 'a log needs heads: add heads: {NAME: {score: COLUMN, label: COLUMN}, …}',
    };
    return;
  }
  const headless = Object.keys(weights).find((name) => !Object.hasOwn(heads, name));
  if (headless !== undefined)
    yield {
      path: ['weights', headless],
      message: `weight without a head: expected one of ${Object.keys(heads).join(', ')}`,
    };
  const weightless = Object.keys(heads).find((name) => !Object.hasOwn(weights, name));
  if (weightless !== undefined)
    yield { path: ['heads', weightless], message: 'head without a weight: add its range under weights' };
}

function* metricProblems(study: StudyDefinition): Generator<StudyProblem> {
  const { heads, log, objective, guardrails, metrics, report } = study;
  if (log === undefined || heads === undefined) {
    if (report !== undefined)
      yield {
        path: ['report'],
        message: 'report needs a log: an external evaluator reports what it measures',
      };
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
    if (noise !== undefined && noise !== 'none') {
      yield {
        path: ['metrics', metric, 'noise'],
        message: `"${noise}" on a log, which gives the same number every time: expected none`,
      };
    }
  }
  for (const { path, metric, steers } of named) {
    const parsed = parseLogMetric(metric, Object.keys(heads));
    const missing = typeof parsed === 'string' ? parsed : missingFromLog(parsed, log);
    if (missing !== undefined) yield { path, message: missing };
    if (typeof parsed === 'string') continue;
    if (steers && !METRIC_KINDS[parsed.kind].dependsOnWeights) {
      yield {
        path,
        message: `${metric} does not depend on the weights, so it can be neither objective nor guardrail: list it under report`,
      };
    }
  }
}

function* baselineProblems(study: StudyDefinition): Generator<StudyProblem> {
  const { baseline, guardrails, log } = study;
  if (baseline === undefined) {
    const relative = guardrails.findIndex(({ factor }) => factor !== 0);
    if (relative >= 0) {
      yield {
        path: ['guardrails', relative],
        message: `"${formatGuardrail(guardrails[relative]!)}" needs a baseline: add baseline: {weights: …}`,
      };
    }
  } else if ('weights' in baseline) yield* baselineWeightProblems(study, baseline.weights);
  else if ('scoreColumn' in baseline) {
    if (log === undefined)
      yield {
        path: ['baseline', 'scoreColumn'],
        message: 'a score column needs a log: add log: {path, request}',
      };
  } else {
    for (const metric of log === undefined ? [] : Object.keys(baseline.metrics)) {
      const parsed = parseLogMetric(metric, Object.keys(study.heads ?? {}));
      if (typeof parsed === 'string') yield { path: ['baseline', 'metrics', metric], message: parsed };
    }
    for (const [i, guardrail] of guardrails.entries()) {
      const value = baseline.metrics[guardrail.metric];
      if (guardrail.factor !== 0 && value === undefined) {
        yield {
          path: ['baseline', 'metrics'],
          message: `lacks ${guardrail.metric}, which the guardrail "${formatGuardrail(guardrail)}" is relative to`,
        };
      } else {
        const message = multipleProblem(guardrail, value);
        if (message !== undefined) yield { path: ['guardrails', i], message };
      }
    }
  }
}

/** Why a guardrail `c · baseline` is refused, where the baseline's value is zero or negative. */
export function multipleProblem(guardrail: Guardrail, baseline: number | undefined): string | undefined {
  if (!isMultiplicative(guardrail) || baseline === undefined || baseline > 0) return undefined;
  const { metric, relation } = guardrail;
  const additive = relation === '>=' ? `${metric} >= baseline - a` : `${metric} <= baseline + a`;
  return `the baseline's ${metric} is ${baseline}, and a multiple of it needs a positive value: expected the form ${additive}`;
}

function* baselineWeightProblems(
  study: StudyDefinition,
  values: Readonly<Record<string, number>>,
): Generator<StudyProblem> {
  const path = ['baseline', 'weights'];
  const names = Object.keys(study.weights);
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(study.weights, name));
  if (unknown !== undefined)
    yield { path: [...path, unknown], message: `unknown weight: expected one of ${names.join(', ')}` };
  const missing = names.find((name) => !Object.hasOwn(values, name));
  if (missing !== undefined) yield { path, message: `lacks the weight ${missing}` };
  if (unknown !== undefined || missing !== undefined) return;

  for (const [name, { min, max }] of Object.entries(study.weights)) {
    const value = values[name]!;
    if (value < min - SUM_TOLERANCE || value > max + SUM_TOLERANCE) {
      yield { path: [...path, name], message: `${value} is outside the weight's range [${min}, ${max}]` };
    }
  }
  const total = names.reduce((sum, name) => sum + values[name]!, 0);
  if (study.sum !== undefined && Math.abs(total - study.sum) > SUM_TOLERANCE * Math.max(1, study.sum)) {
    yield { path, message: `sum to ${total}: expected the study's sum ${study.sum}` };
  }
}
