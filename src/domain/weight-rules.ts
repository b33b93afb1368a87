import type { StudyProblem } from './objective-rules.ts';
import type { StudyDefinition } from './study.ts';

/** Rounding of a sum of decimal weights that a person typed. */
export const SUM_TOLERANCE = 1e-9;

/**
 * What is wrong with weights that are given for a study, at paths within them: their names, ranges and sum. The linear
 * constraints are the polytope's to check.
 */
export function* weightProblems(
  { weights, sum }: Pick<StudyDefinition, 'weights' | 'sum'>,
  values: Readonly<Record<string, number>>,
): Generator<StudyProblem> {
  const names = Object.keys(weights);
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(weights, name));
  const missing = names.filter((name) => !Object.hasOwn(values, name));
  for (const name of unknown) {
    yield { path: [name], message: `unknown weight: expected one of ${names.join(', ')}` };
  }
  if (missing.length > 0) {
    const which = missing.length === 1 ? 'weight' : 'weights';
    yield { path: [], message: `lacks the ${which} ${missing.join(', ')}` };
  }
  if (unknown.length + missing.length > 0) return;

  for (const [name, { min, max }] of Object.entries(weights)) {
    const value = values[name]!;
    const beyond = Math.max(min - value, value - max);
    if (beyond > SUM_TOLERANCE) {
      yield {
        path: [name],
        message: `${value} is outside the weight's range [${min}, ${max}] by ${tidy(beyond)}`,
      };
    }
  }
  const total = names.reduce((running, name) => running + values[name]!, 0);
  if (sum !== undefined && Math.abs(total - sum) > SUM_TOLERANCE * Math.max(1, sum)) {
    const off = tidy(Math.abs(total - sum));
    yield {
      path: [],
      message: `sum to ${total}: expected the study's sum ${sum}, ${off} ${total < sum ? 'more' : 'less'}`,
    };
  }
}

/** A number without the digits that rounding has made. */
export function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
