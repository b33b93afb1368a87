import { availableParallelism } from 'node:os';
import { integerOption } from '../src/cli/integer-option.ts';
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
}

const WORLDS = { full: 200, quick: 5 };
/** Nothing was set or tuned on seeds from here on (bench/online/world/README.md). */
const FIRST_SEED = 100_000;
const TOLD_EVERY = 50;

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
    const script = new URL('./online/race-run.js', import.meta.url);
    let done = 0;
    await runJobs<WorldJob, RaceAnswer>(script, jobs, processes, ({ kind, seed }, answer) => {
      races.get(kind)![seed - firstSeed] = answer;
      done++;
      if (done % TOLD_EVERY === 0) say(`${done} of ${jobs.length} worlds`);
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
      .option('--processes <n>', 'worlds beside each other', integerOption(1, 64), availableParallelism()),
);
