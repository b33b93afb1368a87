import { createHash } from 'node:crypto';
import type { ComputePool } from './compute-pool.ts';
import type { StudyState } from './study-tasks.ts';

/** The tasks whose answers are small, and asked for again while nothing is measured. */
const REMEMBERED: ReadonlySet<string> = new Set(['fit', 'report', 'diagnose']);

/** A study takes a fit and a diagnosis a metric, and a report. */
const MOST = 1000;

type Run = ComputePool['run'];

/**
 * A pool that fits a metric to the same trials once, and reports and diagnoses them once: who asks meanwhile waits for that answer, who
 * asks later gets it again, as an answer is a function of its task. It remembers the `most` that were asked for last, and no failure.
 *
 * So a suggestion, a prediction or a report of a study that nobody has measured anew takes no fit.
 */
export function rememberAnswers(pool: ComputePool, most = MOST): ComputePool {
  const answers = new Map<string, Promise<unknown>>();
  const remembered = (name: Parameters<Run>[0], task: StudyState): Promise<unknown> => {
    const key = keyOf(name, task);
    const known = answers.get(key) ?? pool.run(name, task as never);
    // The last asked for is the last in the map; the first is forgotten.
    answers.delete(key);
    answers.set(key, known);
    if (answers.size > most) answers.delete(answers.keys().next().value!);
    known.catch(() => {
      if (answers.get(key) === known) answers.delete(key);
    });
    return known;
  };
  const run = (name: Parameters<Run>[0], task: never): Promise<unknown> =>
    REMEMBERED.has(name) ? remembered(name, task) : pool.run(name, task);
  return { ...pool, run: run as Run };
}

/** SHA-256 of the name and the task. */
function keyOf(name: string, { trials, ...task }: StudyState): string {
  const { weightNames, metrics, heads, weights, observations } = trials;
  const hash = createHash('sha256').update(JSON.stringify([name, task, weightNames, metrics]));
  for (const numbers of [heads, weights, observations]) hash.update(numbers);
  return hash.digest('base64');
}
