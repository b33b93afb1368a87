import type { BestFeasible } from './best-feasible.ts';
import type { ExactRace, Method } from './exact-race.ts';
import type { Problem } from '../problems/problem.ts';
import { runJobs } from '../run-jobs.ts';

/** One run of one method, which `exact-run.ts` answers with its `BestFeasible`. */
export interface ExactJob {
  readonly problem: string;
  readonly method: Method;
  readonly seed: number;
  readonly trials: number;
  /** The interpreter that has Optuna. */
  readonly python: string;
}

export interface ExactRaces {
  readonly problems: readonly Problem[];
  /** The methods and how many runs each has, with the seeds 0, 1, … */
  readonly runs: ReadonlyMap<Method, number>;
  readonly trials: number;
  readonly python: string;
  readonly processes: number;
  /** Told of each problem when all of its runs have ended. */
  readonly onRace: (race: ExactRace) => void;
}

/** Runs every method on every problem, in processes beside each other; what comes of it does not depend on how many. */
export async function runExactRaces(settings: ExactRaces): Promise<readonly ExactRace[]> {
  const { problems, runs, trials, python, processes, onRace } = settings;
  const races = problems.map((problem): ExactRace => {
    return { problem, bests: new Map([...runs.keys()].map((method) => [method, []])) };
  });
  const jobs = problems.flatMap(({ name: problem }) =>
    [...runs].flatMap(([method, count]) =>
      Array.from({ length: count }, (_, seed): ExactJob => ({ problem, method, seed, trials, python })),
    ),
  );
  const left = new Map(problems.map(({ name }) => [name, jobs.length / problems.length]));
  const script = new URL('./exact-run.js', import.meta.url);
  await runJobs<ExactJob, BestFeasible>(script, jobs, processes, ({ problem: name, method, seed }, best) => {
    const race = races.find(({ problem }) => problem.name === name)!;
    race.bests.get(method)![seed] = best;
    left.set(name, left.get(name)! - 1);
    if (left.get(name) === 0) onRace(race);
  });
  return races;
}
