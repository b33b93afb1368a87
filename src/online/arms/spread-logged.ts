import type { StudyDefinition } from '../../domain/study.ts';
import type { LoggedWeights } from './online-evidence.ts';

/**
 * At most `most` of the logged weights, the first and those far from each other: models of log and rounds take the cube of
 * their number, and neighbours of a sweep's optimum say the same.
 *
 * Farthest-first traversal in units of each weight's range, O(n·most); its least distance is at least half of the largest possible.
 * In the order given.
 *
 * Source: Gonzalez 1985, Theor. Comput. Sci. 38:293–306.
 */
export function spreadLogged<Logged extends LoggedWeights>(
  { weights: ranges }: Pick<StudyDefinition, 'weights'>,
  logged: readonly Logged[],
  most: number,
): readonly Logged[] {
  if (logged.length <= most) return logged;
  const names = Object.keys(ranges).filter((name) => ranges[name]!.min < ranges[name]!.max);
  const d = names.length;
  const points = new Float64Array(logged.length * d);
  logged.forEach(({ weights }, i) =>
    names.forEach((name, k) => {
      points[i * d + k] = weights[name]! / (ranges[name]!.max - ranges[name]!.min);
    }),
  );
  // Squared, to the nearest that is chosen; below 0 for those that are.
  const distance = new Float64Array(logged.length).fill(Infinity);
  for (let chosen = 0, next = 0; chosen < most; chosen++) {
    let farthest = next;
    distance[next] = -1;
    for (let i = 0; i < logged.length; i++) {
      let squares = 0;
      for (let k = 0; k < d; k++) squares += (points[i * d + k]! - points[next * d + k]!) ** 2;
      if (squares < distance[i]!) distance[i] = squares;
      if (distance[i]! > distance[farthest]!) farthest = i;
    }
    next = farthest;
  }
  return logged.filter((_, i) => distance[i]! < 0);
}
