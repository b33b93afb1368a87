import { encode, type Encoding, unitCubeEncoding } from '../../acquisition/encoding.ts';
import { type CandidateDistance, directionDistance, weightDistance } from '../../acquisition/separation.ts';
import { InfeasibleConstraintsError } from '../../math/polytope/conflict.ts';
import type { LabelledConstraint } from '../../math/polytope/constraint.ts';
import { createPolytope, type Polytope, violations } from '../../math/polytope/polytope.ts';
import { DomainError } from '../domain/errors.ts';
import { formatLinearConstraint } from '../domain/linear-constraint.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Weights } from '../domain/trial.ts';

/** A study in the terms of the numerics: where weights may lie, and which of them are inputs of a model. */
export interface StudyEncoding {
  readonly names: readonly string[];
  readonly polytope: Polytope;
  /** The models' inputs: every weight that is not fixed; the sum removes none of them. */
  readonly inputs: Encoding;
  /**
   * How far apart candidates are. On a log without a sum constraint only the weights' direction ranks; an external evaluator
   * may measure anything, also what scales.
   */
  readonly distance: CandidateDistance;
}

/**
 * Encodes a study's weights and constraints.
 *
 * Throws `constraints_infeasible`, naming a smallest set of constraints that contradict each other, `baseline_invalid`
 * for baseline weights that break one of them, and `study_invalid` for a sum of more digits than weights can carry.
 */
export function encodeStudy(definition: StudyDefinition): StudyEncoding {
  const names = Object.keys(definition.weights);
  const polytope = polytopeOf(definition, names);
  if (polytope.dimension === 0) {
    const only = names.map((name, i) => `${name} = ${shortly(polytope.center[i]!)}`).join(', ');
    throw new DomainError(
      'study_invalid',
      `the ranges and constraints leave only ${only}: expected room to vary`,
      {
        pointer: '/weights',
      },
    );
  }
  const ranksByDirection = definition.log !== undefined && definition.sum === undefined;
  const encoding = {
    names,
    polytope,
    inputs: unitCubeEncoding(polytope),
    distance: ranksByDirection ? directionDistance(polytope) : weightDistance(polytope),
  };
  if (definition.baseline !== undefined && 'weights' in definition.baseline) {
    const [violated] = violations(polytope, toVector(encoding, definition.baseline.weights));
    if (violated !== undefined) {
      throw new DomainError(
        'baseline_invalid',
        `break the constraint ${violated.label} by ${shortly(violated.amount)}`,
        {
          pointer: '/baseline/weights',
        },
      );
    }
  }
  return encoding;
}

/** Without the digits that rounding has made. */
function shortly(value: number): number {
  return Number(value.toPrecision(12));
}

/** The weights in the study's order. */
export function toVector({ names }: StudyEncoding, weights: Weights): Float64Array {
  return Float64Array.from(names, (name) => weights[name]!);
}

export function toWeights({ names }: StudyEncoding, vector: Float64Array): Weights {
  return Object.fromEntries(names.map((name, i) => [name, vector[i]!]));
}

/** The weights as inputs of the models, in the unit cube. */
export function toUnitCube(encoding: StudyEncoding, weights: Weights): Float64Array {
  const x = new Float64Array(encoding.inputs.indices.length);
  encode(encoding.inputs, toVector(encoding, weights), x);
  return x;
}

/** Throws `constraints_infeasible` and `study_invalid` as `encodeStudy` does. */
export function polytopeOf(
  { weights, sum, constraints }: Pick<StudyDefinition, 'weights' | 'sum' | 'constraints'>,
  names: readonly string[],
): Polytope {
  const ranges = Object.values(weights);
  const linear = constraints.map((constraint): LabelledConstraint => {
    const sign = constraint.relation === '>=' ? -1 : 1;
    return {
      label: formatLinearConstraint(constraint),
      coefficients: names.map((name) => sign * (constraint.coefficients[name] ?? 0)),
      bound: sign * constraint.bound,
    };
  });
  try {
    return createPolytope({
      names,
      lower: ranges.map(({ min }) => min),
      upper: ranges.map(({ max }) => max),
      ...(sum !== undefined && { sum }),
      equalities: linear.filter((_, i) => constraints[i]!.relation === '=='),
      inequalities: linear.filter((_, i) => constraints[i]!.relation !== '=='),
    });
  } catch (error) {
    if (error instanceof InfeasibleConstraintsError) {
      const { conflict } = error;
      const first = linear.findIndex(({ label }) => conflict.includes(label));
      throw new DomainError('constraints_infeasible', `no weights satisfy all of: ${conflict.join(', ')}`, {
        pointer: first < 0 ? '/weights' : `/constraints/${first}`,
      });
    }
    if (error instanceof RangeError && sum !== undefined) {
      throw new DomainError('study_invalid', error.message, { pointer: '/sum' });
    }
    throw error;
  }
}
