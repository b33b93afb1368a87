import { calibrationProblems } from './calibration-rules.ts';
import { observationOf, partsOf } from './derived-metric.ts';
import { derivedProblems } from './derived-rules.ts';
import { formatGuardrail, type Guardrail, isMultiplicative } from './guardrail.ts';
import { guardrailProblems } from './guardrail-rules.ts';
import { holdoutProblems } from './holdout-rules.ts';
import { parseLogMetric } from './metric.ts';
import { metricProblems } from './metric-rules.ts';
import { objectiveProblems, type StudyProblem } from './objective-rules.ts';
import { onlineProblems } from './online-rules.ts';
import { type StudyDefinition, studyShape } from './study.ts';
import { observed } from './trial.ts';
import { SUM_TOLERANCE, tidy, weightProblems } from './weight-rules.ts';

const MOST_WEIGHTS = 20;

/**
 * Width of a range that may vary, as a share of the largest weight: constraints hold to 1e-9 of that, which is a thousandth
 * of such a range; the decimals of weights resolve 1e-12 of it.
 */
const NARROWEST_RANGE = 1e-6;

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
  yield* derivedProblems(study);
  yield* guardrailProblems(study);
  yield* holdoutProblems(study);
  yield* rangeProblems(study);
  yield* sumProblems(study);
  yield* constraintProblems(study);
  yield* logProblems(study);
  yield* calibrationProblems(study);
  yield* metricProblems(study);
  yield* baselineProblems(study);
  yield* onlineProblems(study);
}

function* rangeProblems({ weights, sum, log }: StudyDefinition): Generator<StudyProblem> {
  const ranges = Object.values(weights);
  const largest = Math.max(...ranges.flatMap(({ min, max }) => [Math.abs(min), Math.abs(max)]));
  const bySum = sum !== undefined && ranges.every(({ min }) => min >= 0);
  const narrowest = NARROWEST_RANGE * (bySum ? Math.min(largest, sum) : largest);
  for (const [name, { min, max }] of Object.entries(weights)) {
    const path = ['weights', name];
    if (min > max) yield { path, message: `range [${min}, ${max}] is empty: expected min <= max` };
    if (min < max && max - min < (1 - SUM_TOLERANCE) * narrowest) {
      yield {
        path,
        message:
          `range [${min}, ${max}] is too narrow beside weights of ${tidy(narrowest / NARROWEST_RANGE)}: ` +
          `expected a width of at least ${tidy(narrowest)}, or min = max (what the weight multiplies can be rescaled)`,
      };
    }
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
  if (log?.form === 'rows' && log.bins !== undefined)
    yield {
      path: ['log', 'bins'],
      message: 'are of the histogram form: expected form: histogram, or no bins',
    };
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
  } else if ('weights' in baseline) {
    for (const { path, message } of weightProblems(study, baseline.weights)) {
      yield { path: ['baseline', 'weights', ...path], message };
    }
  } else if ('scoreColumn' in baseline) {
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
      const value = observationOf(study, observed(baseline.metrics), guardrail.metric)?.mean;
      if (guardrail.factor !== 0 && value === undefined) {
        const missing = partsOf(study, guardrail.metric).filter(
          (part) => !Object.hasOwn(baseline.metrics, part),
        );
        yield {
          path: ['baseline', 'metrics'],
          message: `lacks ${missing.join(', ')}, which the guardrail "${formatGuardrail(guardrail)}" is relative to`,
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
