import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { headSchema } from '../src/domain/log.ts';
import { averagePrecisionBounds } from '../src/evaluator/histogram/average-precision-bounds.ts';
import type { BinnedLog } from '../src/evaluator/histogram/binned-log.ts';
import { openBinnedLog } from '../src/evaluator/histogram/open-binned-log.ts';
import { RATES, writeCalibratedLog } from './histogram/calibrated-log.ts';
import { rounded } from './rounded.ts';
import { type Figures, runBench } from './run-bench.ts';

const ROWS = 5_000_000;
const QUICK_ROWS = 1_000_000;
const FEW_ROWS = 300_000;
const BINS = 4096;
const VECTORS = 32;
const MEMORY = 2e9;
const HEADS = Object.keys(RATES);

await runBench(
  {
    name: 'histogram',
    description:
      'How fast a log of five million impressions and four heads is scanned from Parquet in the histogram form, and how wide its bounds are.',
    quick: 'one million impressions, in under 20 seconds',
  },
  async ({ quick, say }): Promise<Figures> => {
    const rows = quick ? QUICK_ROWS : ROWS;
    const widths = await onLog(FEW_ROWS, async (log) => averagePrecisionWidths(log));
    const figures = await onLog(rows, async (log, openSeconds) => {
      const one = await scanSeconds(log, 1);
      const many = await scanSeconds(log, VECTORS);
      say(
        `${rows} rows: opened in ${openSeconds.toFixed(2)} s, 1 vector ${one.toFixed(2)} s, ${VECTORS} ${many.toFixed(2)} s`,
      );
      return {
        rows_per_s_1_vector: rounded(rows / one),
        [`rows_per_s_of_${VECTORS}_vectors`]: rounded((rows * VECTORS) / many),
        opening_rows_per_s: rounded(rows / openSeconds),
        widths: await averagePrecisionWidths(log),
      };
    });
    const { widths: ofMany, ...speeds } = figures;
    say(`half widths of AP, ${BINS} bins: ${told(widths)} at ${FEW_ROWS} rows, ${told(ofMany)} at ${rows}`);
    return {
      ...speeds,
      ap_half_width_300k: Math.max(...widths),
      [`ap_half_width_${rows / 1e6}m`]: Math.max(...ofMany),
    };
  },
);

function told(widths: readonly number[]): string {
  return HEADS.map((head, t) => `${head} ${widths[t]!.toExponential(1)}`).join(', ');
}

async function onLog<Value>(
  rows: number,
  use: (log: BinnedLog, openSeconds: number) => Promise<Value>,
): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'pondera-bench-'));
  try {
    const path = join(folder, 'log.parquet');
    await writeCalibratedLog(path, rows);
    const start = performance.now();
    const log = await openBinnedLog({
      path,
      request: 'request',
      nullScores: 'refuse',
      heads: Object.fromEntries(
        HEADS.map((name) => [name, headSchema.parse({ score: `score_${name}`, label: `label_${name}` })]),
      ),
      bins: BINS,
      metrics: [],
      memoryBudget: MEMORY,
    });
    try {
      return await use(log, (performance.now() - start) / 1000);
    } finally {
      log.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Weights between equal ones and the first head alone. */
function orderings(count: number): readonly { readonly weights: Float64Array }[] {
  return Array.from({ length: count }, (_, k) => {
    const rest = (1 - k / count) / HEADS.length;
    return { weights: Float64Array.from(HEADS, (_head, t) => (t === 0 ? 1 - 3 * rest : rest)) };
  });
}

async function scanSeconds(log: BinnedLog, vectors: number): Promise<number> {
  const start = performance.now();
  await log.histograms(orderings(vectors));
  return (performance.now() - start) / 1000;
}

/** Half the width of each head's bounds, at equal weights. */
async function averagePrecisionWidths(log: BinnedLog): Promise<readonly number[]> {
  const [histograms] = await log.histograms(orderings(1));
  return HEADS.map((_, t) => {
    const { lower, upper } = averagePrecisionBounds(histograms![t]!)!;
    return (upper - lower) / 2;
  });
}
