import { availableParallelism } from 'node:os';
import { integerOption } from '../src/cli/integer-option.ts';
import { keptRaces } from './online/kept-races.ts';
import type { RaceAnswer } from './online/race.ts';
import { raceFigures, raceLines } from './online/race-table.ts';
import type { WorldJob } from './online/world-check.ts';
import { worldLines } from './online/world-table.ts';
import { KINDS } from './online/world/kinds.ts';
import { runBench, type Figures } from './run-bench.ts';
import { runJobs } from './run-jobs.ts';

interface OnlineOptions {
  readonly worlds?: number;
  readonly firstSeed: number;
  readonly processes: number;
  readonly keep?: string;
}

const WORLDS = { full: 200, quick: 5 };
/** Nothing was set or tuned on seeds from here on (bench/online/world/README.md). */
const FIRST_SEED = 200_000;
const TOLD_EVERY = 20;

await runBench<OnlineOptions>(
  {
    name: 'online',
    description: 'What strategies would ship after two rounds of experiments, in simulated worlds.',
    quick: `${WORLDS.quick} worlds of each kind`,
  },
  async ({ quick, say, firstSeed, processes, ...options }): Promise<Figures> => {
    const worlds = options.worlds ?? WORLDS[quick ? 'quick' : 'full'];
    const jobs = Array.from({ length: worlds }, (_, i) =>
      KINDS.map((kind): WorldJob => ({ kind, seed: firstSeed + i })),
    ).flat();
    const races = new Map(KINDS.map((kind) => [kind, [] as RaceAnswer[]]));
    const kept = keptRaces(options.keep);
    const started = performance.now();
    const script = new URL('./online/race-run.js', import.meta.url);
    let done = 0;
    const enter = ({ kind, seed }: WorldJob, answer: RaceAnswer): void => {
      races.get(kind)![seed - firstSeed] = answer;
      done++;
    };
    const left = jobs.filter((job) => {
      const answer = kept.of(job);
      if (answer !== undefined) enter(job, answer);
      return answer === undefined;
    });
    if (done > 0) say(`${done} of ${jobs.length} worlds are kept in ${options.keep}`);
    await runJobs<WorldJob, RaceAnswer>(script, left, processes, (job, answer) => {
      kept.keep(job, answer);
      enter(job, answer);
      if (done % TOLD_EVERY > 0) return;
      say(`${done} of ${jobs.length} worlds, ${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
    });
    for (const [kind, of] of races) {
      for (const line of worldLines(
        kind,
        of.map(({ check }) => check),
      ))
        say(line);
    }
    for (const [kind, of] of races) say(`\n${raceLines(kind, of).join('\n')}`);
    say('');
    return Object.assign({}, ...[...races].map(([kind, of]) => raceFigures(kind, of))) as Figures;
  },
  (command) =>
    command
      .option('--worlds <n>', 'worlds of each kind', integerOption(1, 10_000))
      .option('--first-seed <n>', 'seed of the first world of each kind', integerOption(0, 1e9), FIRST_SEED)
      .option('--processes <n>', 'worlds beside each other', integerOption(1, 64), availableParallelism())
      .option(
        '--keep <file>',
        'keep worlds that are done in a file, and go on from it; of one version of the code',
      ),
);
