import { inputError, type InputProblem, DomainError, pointerOf } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Weights } from '../domain/trial.ts';
import { encodeStudy, polytopeOf, type StudyEncoding } from './encode.ts';

/**
 * The study with some weights held at given values: the part of its polytope where they are; the models' inputs and the
 * unit of distances stay the whole polytope's.
 *
 * Throws `weights_invalid` with each weight that is unknown or outside its range, `constraints_infeasible` where the others
 * cannot then meet sum and constraints, `weights_invalid` where they are left no room; each at `/fixed`.
 */
export function encodeFixed(definition: StudyDefinition, fixed: Weights): StudyEncoding {
  const encoding = encodeStudy(definition);
  if (Object.keys(fixed).length === 0) return encoding;
  const problems = [...problemsOf(definition, fixed)];
  if (problems.length > 0) throw inputError('weights_invalid', problems);
  const held = Object.entries(fixed).map(([name, value]) => [name, { min: value, max: value }]);
  const weights = { ...definition.weights, ...Object.fromEntries(held) };
  const polytope = withinFixed(() => polytopeOf({ ...definition, weights }, encoding.names));
  if (polytope.dimension === 0) {
    throw new DomainError(
      'weights_invalid',
      'leave no weight to choose: expected fewer, or the trial attached with its weights',
      { pointer: '/fixed' },
    );
  }
  return { ...encoding, polytope };
}

function* problemsOf({ weights }: StudyDefinition, fixed: Weights): Generator<InputProblem> {
  for (const [name, value] of Object.entries(fixed)) {
    const pointer = pointerOf(['fixed', name]);
    if (!Object.hasOwn(weights, name)) {
      yield { pointer, detail: `unknown weight: expected one of ${Object.keys(weights).join(', ')}` };
      continue;
    }
    const { min, max } = weights[name]!;
    if (value < min || value > max) {
      yield { pointer, detail: `is ${value}: expected a number from ${min} to ${max}` };
    }
  }
}

/** What the study's own constraints have no fault in lies in what was fixed. */
function withinFixed<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, message, details } = error;
    throw new DomainError(code, message, { pointer: '/fixed' }, details);
  }
}
