import { violations } from '../../math/polytope/polytope.ts';
import { inputError, type InputProblem, pointerOf } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Provenance, Trial, Weights } from '../domain/trial.ts';
import { tidy, weightProblems } from '../domain/weight-rules.ts';
import type { Candidate } from './candidate.ts';
import { encodeStudy, type StudyEncoding, toVector, toWeights } from './encode.ts';
import { nearestDistance } from './initialise.ts';

/** What a trial that is attached says of itself. */
export type Attachment = Pick<Provenance, 'generator' | 'reason' | 'replicateOf' | 'note'>;

/**
 * A candidate of given weights, kept to the digit.
 *
 * Throws `weights_invalid` with each weight that is unknown, missing or outside its range, a sum that is another, and each
 * linear constraint that is broken, and by how much, at its place in the body of the request.
 */
export function attachedCandidate(
  definition: StudyDefinition,
  trials: readonly Trial[],
  weights: Weights,
  attachment: Attachment,
): Candidate {
  const encoding = encodeStudy(definition);
  const candidate = givenCandidate(definition, encoding, weights, attachment);
  const others = trials.flatMap((trial) =>
    trial.weights === null ? [] : [toVector(encoding, trial.weights)],
  );
  const nearestTrialDistance = nearestDistance(encoding, toVector(encoding, weights), others);
  return { ...candidate, provenance: { ...candidate.provenance, nearestTrialDistance } };
}

/**
 * The same of a study that is encoded already, without a look at other trials. Throws `weights_invalid`.
 */
export function givenCandidate(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  weights: Weights,
  attachment: Attachment,
): Candidate {
  const problems = [...weightsProblems(definition, encoding, weights)];
  if (problems.length > 0) throw inputError('weights_invalid', problems);
  return {
    weights: toWeights(encoding, toVector(encoding, weights)),
    provenance: {
      ...attachment,
      acquisitionValue: null,
      feasibility: [],
      predictions: {},
      nearestTrialDistance: null,
      hyperparameters: {},
    },
  };
}

/** What is wrong with weights, at places below `/weights`. */
export function* weightsProblems(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  weights: Weights,
): Generator<InputProblem> {
  const problems = [...weightProblems(definition, weights)];
  for (const { path, message } of problems) {
    yield { pointer: pointerOf(['weights', ...path]), detail: message };
  }
  const { names, polytope } = encoding;
  const named = names.every((name) => Object.hasOwn(weights, name));
  if (!named || Object.keys(weights).length !== names.length) return;
  const { rows, weightCount, sum } = polytope;
  // Ranges and the sum come first among the rows, and have been told in words.
  const told = problems.length === 0 ? 0 : 2 * weightCount + (sum === undefined ? 0 : 1);
  const ruled = new Set(rows.slice(0, told).map(({ label }) => label));
  for (const { label, amount } of violations(polytope, toVector(encoding, weights))) {
    if (!ruled.has(label)) {
      yield { pointer: '/weights', detail: `break the constraint ${label} by ${tidy(amount)}` };
    }
  }
}
