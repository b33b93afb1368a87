import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HEADS, writeLog } from '../load-log/generated-log.ts';
import { rounded } from '../rounded.ts';
import type { Figures } from '../run-bench.ts';
import { runChild } from '../run-child.ts';
import type { SweepRun } from '../sweep/sweep-once.ts';

const WORKERS = 2;

/** One objective and a guardrail for each of the other heads, all average precision, paired with the baseline. */
const STUDY = `
name: bench
log: { path: log.parquet, request: request }
heads:
${HEADS.map((head) => `  ${head}: { score: score_${head}, label: label_${head}${head === 'hide' ? ', sign: -1' : ''} }`).join('\n')}
weights:
${HEADS.map((head) => `  ${head}: [0, 1]`).join('\n')}
sum: 1
objective: maximize long_click.average_precision
guardrails:
  - save.average_precision >= 0.98 * baseline
  - click.average_precision >= 0.98 * baseline
  - hide.average_precision <= 1.02 * baseline
baseline:
  weights: { ${HEADS.map((head) => `${head}: 0.25`).join(', ')} }
`;

/** The wall time of a sweep of so many trials on so many generated impressions, from reading Parquet to the report. */
export async function sweepOfLog(
  rows: number,
  trials: number,
  say: (line: string) => void,
): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'pondera-bench-'));
  try {
    const study = join(folder, 'bench.study.yaml');
    await writeFile(study, STUDY);
    await writeLog(join(folder, 'log.parquet'), rows, false);
    const script = new URL('../sweep/sweep-once.js', import.meta.url);
    const run = await runChild<SweepRun>(script, [
      study,
      '',
      join(folder, 'bench.db'),
      String(trials),
      String(WORKERS),
    ]);
    say(
      `sweep of ${run.trials} trials on ${rows} impressions with paired standard errors, ${WORKERS} workers: ` +
        `${run.seconds.toFixed(1)} s, of which reading ${run.readSeconds.toFixed(1)} s; ${run.processorSeconds.toFixed(1)} s of processors; ` +
        `peak ${run.peakMb.toFixed(0)} MB`,
    );
    const name = `sweep${trials}_${rows / 1e6}m`;
    return { [`${name}_s`]: rounded(run.seconds), [`${name}_processor_s`]: rounded(run.processorSeconds) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
