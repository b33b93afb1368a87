import type { NoisyMethod, NoisyRace } from './noisy-race.ts';
import type { Problem } from '../problems/problem.ts';
import { runJobs } from '../run-jobs.ts';

const METHODS: readonly NoisyMethod[] = ['pondera', 'Sobol'];

/** One run, which `noisy-run.ts` answers with what is named after each batch. */
export interface NoisyJob {
  readonly problem: string;
  readonly method: NoisyMethod;
  readonly seed: number;
  readonly batch: number;
  readonly batches: number;
}

export interface NoisyRaces {
  readonly problems: readonly Problem[];
  /** Sizes of the batches that each problem is run with. */
  readonly batches: readonly number[];
  /** At most so many candidates, in whole batches. */
  readonly trials: number;
  readonly seeds: number;
  readonly processes: number;
  /** Told of each race when all of its runs have ended. */
  readonly onRace: (race: NoisyRace) => void;
}

/** Runs both methods on every problem with batches of every size, in processes beside each other. */
export async function runNoisyRaces(settings: NoisyRaces): Promise<readonly NoisyRace[]> {
  const { problems, batches, trials, seeds, processes, onRace } = settings;
  const races = batches.flatMap((batch) =>
    problems.flatMap((problem) => METHODS.map((method): NoisyRace => ({ problem, method, batch, runs: [] }))),
  );
  const jobs = races.flatMap(({ problem, method, batch }) =>
    Array.from({ length: seeds }, (_, seed): NoisyJob => {
      return { problem: problem.name, method, seed, batch, batches: Math.floor(trials / batch) };
    }),
  );
  const script = new URL('./noisy-run.js', import.meta.url);
  await runJobs<NoisyJob, NoisyRace['runs'][number]>(script, jobs, processes, (job, run) => {
    const race = races.find(
      ({ problem, method, batch }) =>
        problem.name === job.problem && method === job.method && batch === job.batch,
    )!;
    race.runs[job.seed] = run;
    // Seeds without a run yet are holes, which have no key.
    if (Object.keys(race.runs).length === seeds) onRace(race);
  });
  return races;
}
