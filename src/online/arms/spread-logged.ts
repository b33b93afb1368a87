import { maximinSubset } from '../../../math/polytope/space-filling-design.ts';
import type { StudyDefinition } from '../../domain/study.ts';
import { encodeStudy, toVector } from '../../optimizer/encode.ts';
import type { LoggedWeights } from './online-evidence.ts';

/**
 * At most `most` of the logged weights, the first and those far from each other: models of log and rounds take the cube of
 * their number, and neighbours of a sweep's optimum say the same.
 */
export function spreadLogged<Logged extends LoggedWeights>(
  definition: StudyDefinition,
  logged: readonly Logged[],
  most: number,
): readonly Logged[] {
  if (logged.length <= most) return logged;
  const encoding = encodeStudy(definition);
  const vectors = logged.map(({ weights }) => toVector(encoding, weights));
  const [first, ...others] = vectors;
  const chosen = new Set([first, ...maximinSubset(encoding.polytope, others, most - 1, [first!])]);
  return logged.filter((_, i) => chosen.has(vectors[i]));
}
