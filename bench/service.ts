import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { integerOption } from '../src/cli/integer-option.ts';
import { rounded } from './rounded.ts';
import { type Figures, runBench } from './run-bench.ts';
import { killService } from './service/kills/kill-service.ts';
import { largeStudy } from './service/large-study.ts';
import { type Served, serveDatabase, stopServing } from './service/served.ts';
import { simultaneousAsks } from './service/simultaneous-asks.ts';
import { soak } from './service/soak.ts';

const SIZES = {
  full: { waves: 8, trials: 100_000, rounds: 10, suggestions: 5, kills: 1000, soak: 600 },
  quick: { waves: 3, trials: 100_000, rounds: 2, suggestions: 2, kills: 30, soak: 20 },
};

const CLIENTS_OF_KILLS = 8;
const SEED = 1;

const AT_MOST: Figures = {
  near_duplicates_64: 0,
  errors_64: 0,
  lost_writes: 0,
  untold_trials: 0,
  wrong_replays: 0,
  stuck_clients: 0,
  errors_kills: 0,
  restart_ms_max: 1000,
  loop_delay_ms_max: 50,
  list_p95_ms_100k: 50,
  list1000_p95_ms_100k: 50,
  list_rare_p95_ms_100k: 50,
  start_ms_100k: 1000,
  soak_5xx: 0,
  soak_errors: 0,
};
const AT_LEAST: Figures = { import_per_s: 2000 };

interface Options {
  readonly kills?: number;
  readonly soak?: number;
}

await runBench<Options>(
  {
    name: 'service',
    description:
      'A served database under load: 64 clients at once, 100,000 trials, kills -9, and a soak; each in a process of its own.',
    quick: '30 kills instead of 1,000 and a soak of 20 seconds instead of ten minutes, in about two minutes',
  },
  async ({ quick, say, ...options }): Promise<Figures> => {
    const sizes = SIZES[quick ? 'quick' : 'full'];
    const [kills, soakSeconds] = [options.kills ?? sizes.kills, options.soak ?? sizes.soak];
    const folder = mkdtempSync(join(tmpdir(), 'pondera-bench-'));
    const withService = async (
      name: string,
      measure: (service: Served) => Promise<Figures>,
    ): Promise<Figures> => {
      const service = await serveDatabase(join(folder, name));
      try {
        return await measure(service);
      } finally {
        await stopServing(service);
      }
    };
    try {
      say(`load average before: ${loadavg()[0]!.toFixed(2)}`);
      const asks = await withService('asks.db', ({ address }) => simultaneousAsks(address, sizes.waves, say));
      const large = await withService('large.db', ({ address }) => largeStudy(address, sizes, say));
      const start = await withService('large.db', async ({ readyMs }) => ({
        start_ms_100k: rounded(readyMs),
      }));
      const soaked =
        soakSeconds === 0 ? {} : await withService('soak.db', (service) => soak(service, soakSeconds, say));
      const killed = kills === 0 ? {} : await killFigures(join(folder, 'kills.db'), kills, say);
      return { ...asks, ...large, ...start, ...soaked, ...killed, load_average: rounded(loadavg()[0]!) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  (command) =>
    command
      .option('--kills <n>', 'kills -9, 0 for none', integerOption(0, 1e6))
      .option(
        '--soak <s>',
        'seconds of suggestions and completions without a pause, 0 for none',
        integerOption(0, 86_400),
      ),
  AT_MOST,
  AT_LEAST,
);

async function killFigures(db: string, kills: number, say: (line: string) => void): Promise<Figures> {
  const figures = await killService({ db, kills, clients: CLIENTS_OF_KILLS, seed: SEED, say });
  for (const error of figures.errors.slice(0, 5)) say(`kills: ${error}`);
  const acknowledged = Object.entries(figures.acknowledged);
  say(`kills: acknowledged ${acknowledged.map(([what, count]) => `${what} ${count}`).join(', ')}`);
  return {
    kills: figures.kills,
    kills_in_start: figures.killsInStart,
    acknowledged_writes: acknowledged.reduce((sum, [, count]) => sum + count, 0),
    trials_checked: figures.trialsChecked,
    lost_writes: figures.lostWrites,
    untold_trials: figures.untoldTrials,
    requests_retried: figures.retriedRequests,
    keys_replayed: figures.replays,
    wrong_replays: figures.wrongReplays,
    stuck_clients: figures.stuckClients,
    errors_kills: figures.errors.length,
    restart_ms_p50: rounded(figures.restartMs.toSorted((a, b) => a - b)[figures.restartMs.length >> 1]!),
    restart_ms_max: rounded(Math.max(...figures.restartMs)),
  };
}
