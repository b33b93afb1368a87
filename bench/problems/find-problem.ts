import { openNewsfeed } from './newsfeed.ts';
import type { Problem } from './problem.ts';
import { problems } from './problems.ts';

const LOGGED = 'newsfeed';

/** The names of all problems, the logged one last. */
export const PROBLEM_NAMES: readonly string[] = [...problems.map(({ name }) => name), LOGGED];

let newsfeed: Promise<Problem | undefined> | undefined;

/** The problem of this name; undefined for the logged one where its log is not on this machine. Throws RangeError on another name. */
export async function findProblem(name: string): Promise<Problem | undefined> {
  if (name === LOGGED) return (newsfeed ??= openNewsfeed());
  const problem = problems.find((each) => each.name === name);
  if (problem === undefined) throw new RangeError(`no problem "${name}"`);
  return problem;
}
