import { maximinSubset } from '../../../math/polytope/space-filling-design.ts';
import type { StudyDefinition } from '../../domain/study.ts';
import { encodeStudy, toVector } from '../../optimizer/encode.ts';
import type { LoggedWeights } from './online-evidence.ts';

/** Of more than so many others every second, third, … is looked at: choosing among thousands holds up who waits. */
const MOST_LOOKED_AT = 500;

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
  const [first, ...rest] = vectors;
  const every = Math.ceil(rest.length / MOST_LOOKED_AT);
  const others = rest.filter((_, i) => i % every === 0);
  const chosen = new Set([first, ...maximinSubset(encoding.polytope, others, most - 1, [first!])]);
  return logged.filter((_, i) => chosen.has(vectors[i]));
}
