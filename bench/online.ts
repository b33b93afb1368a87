import { availableParallelism } from 'node:os';
import { integerOption } from '../src/cli/integer-option.ts';
import type { WorldCheck, WorldJob } from './online/world-check.ts';
import { worldLines } from './online/world-table.ts';
import { KINDS } from './online/world/kinds.ts';
import { runBench, type Figures } from './run-bench.ts';
import { runJobs } from './run-jobs.ts';

interface OnlineOptions {
  readonly worlds?: number;
  readonly firstSeed: number;
  readonly processes: number;
  readonly worldsOnly: boolean;
}

const WORLDS = { full: 200, quick: 5 };
/** Nothing was set or tuned on seeds from here on (bench/online/world/README.md). */
const FIRST_SEED = 100_000;

await runBench<OnlineOptions>(
  {
    name: 'online',
    description: 'What strategies would ship after two rounds of experiments, in simulated worlds.',
    quick: `${WORLDS.quick} worlds of each kind`,
  },
  async ({ quick, say, firstSeed, processes, ...options }): Promise<Figures> => {
    const worlds = options.worlds ?? WORLDS[quick ? 'quick' : 'full'];
    const jobs = KINDS.flatMap((kind) =>
      Array.from({ length: worlds }, (_, i): WorldJob => ({ kind, seed: firstSeed + i })),
    );
    const checks = new Map(KINDS.map((kind) => [kind, [] as WorldCheck[]]));
    const script = new URL('./online/world-check-run.js', import.meta.url);
    await runJobs<WorldJob, WorldCheck>(script, jobs, processes, ({ kind, seed }, check) => {
      checks.get(kind)![seed - firstSeed] = check;
    });
    for (const [kind, of] of checks) for (const line of worldLines(kind, of)) say(line);
    return Object.fromEntries(
      [...checks].map(([kind, of]) => [
        `${kind}_offline_below_baseline`,
        of.filter(({ offlineLift }) => offlineLift < 0).length / of.length,
      ]),
    );
  },
  (command) =>
    command
      .option('--worlds <n>', 'worlds of each kind', integerOption(1, 10_000))
      .option('--first-seed <n>', 'seed of the first world of each kind', integerOption(0, 1e9), FIRST_SEED)
      .option('--processes <n>', 'worlds beside each other', integerOption(1, 64), availableParallelism())
      .option('--worlds-only', 'only what the worlds are like', false),
);
