import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './median.ts';
import { rounded } from './rounded.ts';
import { type Figures, runBench } from './run-bench.ts';
import { runChild } from './run-child.ts';
import type { SweepRun } from './sweep/sweep-once.ts';

/** Whole sweeps of a study, each in a process and a database of its own; the figures are medians over them. */
interface SweepOptions {
  readonly study: string;
  readonly log: string;
  readonly trials: string;
  readonly workers: string;
}

const RUNS = 5;
const QUICK_RUNS = 2;

await runBench<SweepOptions>(
  {
    name: 'sweep',
    description: 'How long whole sweeps of a study take, and how much memory: medians over runs.',
    quick: 'two runs instead of five, in under 50 seconds',
  },
  async ({ quick, say, ...options }): Promise<Figures> => {
    const runs: SweepRun[] = [];
    for (let i = 0; i < (quick ? QUICK_RUNS : RUNS); i++) {
      const run = await sweepOnce(options);
      say(
        `run ${i + 1}: ${run.trials} trials, ${run.seconds.toFixed(2)} s, peak ${run.peakMb.toFixed(0)} MB`,
      );
      runs.push(run);
    }
    const seconds = median(runs.map((run) => run.seconds))!;
    return {
      seconds: rounded(seconds),
      trials_per_second: rounded(runs[0]!.trials / seconds),
      peak_mb: rounded(median(runs.map(({ peakMb }) => peakMb))!),
    };
  },
  (command) =>
    command
      .option('--study <file>', 'study file', 'examples/demo.study.yaml')
      .option('--log <path>', 'its log, instead of the one it names', '')
      .option('--trials <n>', 'instead of its budget', '')
      .option('--workers <n>', 'worker threads', '2'),
);

async function sweepOnce({ study, log, trials, workers }: SweepOptions): Promise<SweepRun> {
  const folder = await mkdtemp(join(tmpdir(), 'pondera-bench-'));
  try {
    const script = new URL('./sweep/sweep-once.js', import.meta.url);
    return await runChild<SweepRun>(script, [study, log, join(folder, 'bench.db'), trials, workers]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
