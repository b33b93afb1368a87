import { createHash } from 'node:crypto';
import type { ComputePool } from './compute-pool.ts';
import type { PackedTrials } from './packed-trials.ts';
import type { StudyState } from './study-tasks.ts';

/** Fits, of a few numbers each. */
const MOST_FITS = 1000;

/** Reports and diagnoses, the last of each study (and metric): a report of several objectives may have a thousand trials. */
const MOST_REPORTS = 50;

type Run = ComputePool['run'];
type Task = StudyState & { readonly metric?: string };

/**
 * A pool that fits a metric to the same trials once, and remembers of each study the last report and diagnoses: who asks meanwhile
 * waits for that answer, who asks later gets it again, as an answer is a function of its task. It remembers those that were asked for
 * last, and no failure.
 *
 * So a suggestion, a prediction or a report of a study that nobody has measured anew takes no fit.
 */
export function rememberAnswers(
  pool: ComputePool,
  { fits = MOST_FITS, reports = MOST_REPORTS }: { readonly fits?: number; readonly reports?: number } = {},
): ComputePool {
  const ofFits = answersOf(fits);
  const ofReports = answersOf(reports);
  const digestOf = digests();
  const run = (name: Parameters<Run>[0], task: never): Promise<unknown> => {
    if (name !== 'fit' && name !== 'report' && name !== 'diagnose') return pool.run(name, task);
    const { trials, ...rest } = task as Task;
    const key = sha256(JSON.stringify([name, rest, digestOf(trials)]));
    const ask = (): Promise<unknown> => pool.run(name, task);
    if (name === 'fit') return ofFits(key, key, ask);
    return ofReports(JSON.stringify([name, rest.definition.name, rest.metric]), key, ask);
  };
  return { ...pool, run: run as Run };
}

/** The last answer of each place, of the `most` places that were asked for last; it is asked for again where the key is another. */
function answersOf(most: number) {
  const places = new Map<string, { readonly key: string; readonly answer: Promise<unknown> }>();
  return (place: string, key: string, ask: () => Promise<unknown>): Promise<unknown> => {
    const last = places.get(place);
    const known = last?.key === key ? last : { key, answer: ask() };
    // The last asked for is the last in the map; the first is forgotten.
    places.delete(place);
    places.set(place, known);
    if (places.size > most) places.delete(places.keys().next().value!);
    known.answer.catch(() => {
      if (places.get(place) === known) places.delete(place);
    });
    return known.answer;
  };
}

/** SHA-256 of packed trials, each of which is read once: it is the task of every metric. */
function digests(): (trials: PackedTrials) => string {
  const known = new WeakMap<PackedTrials, string>();
  return (trials) => {
    const before = known.get(trials);
    if (before !== undefined) return before;
    const { weightNames, metrics, heads, weights, observations } = trials;
    const digest = sha256(JSON.stringify([weightNames, metrics]), heads, weights, observations);
    known.set(trials, digest);
    return digest;
  };
}

function sha256(text: string, ...numbers: readonly (Int32Array | Float64Array)[]): string {
  const hash = createHash('sha256').update(text);
  for (const each of numbers) hash.update(each);
  return hash.digest('base64');
}
