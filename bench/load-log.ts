import { loadGenerated } from './load-log/load-generated.ts';
import type { LoadRun } from './load-log/load-once.ts';
import { rounded } from './rounded.ts';
import { type Figures, runBench } from './run-bench.ts';

const ROWS = 10_000_000;
const QUICK_ROWS = 1_000_000;

/** Ten million impressions of four heads in 30 s, at 60 bytes each. */
const TARGETS: Figures = { load_seconds: 30, bytes_per_row: 60 };

const MB = 1e6;

await runBench(
  {
    name: 'load',
    description:
      'How long a log of 10 million impressions and four heads takes to load from Parquet, and its memory.',
    quick: 'a tenth of the impressions, in under 20 seconds',
  },
  async ({ quick, say }): Promise<Figures> => {
    const rows = quick ? QUICK_ROWS : ROWS;
    const grouped = await loadGenerated(rows, false);
    say(`by request: ${told(grouped)}`);
    const interleaved = await loadGenerated(rows, true);
    say(`interleaved requests: ${told(interleaved)}`);
    const seconds = Math.max(grouped.seconds, interleaved.seconds);
    const most = (figure: (run: LoadRun) => number): number =>
      Math.max(figure(grouped), figure(interleaved)) / rows;
    return {
      load_rows_per_s: rounded(rows / seconds),
      ...(!quick && { load_seconds: rounded(seconds) }),
      bytes_per_row: rounded(most(({ heldBytes }) => heldBytes)),
      ...(!quick && {
        resident_bytes_per_row: rounded(most(({ residentBytes }) => residentBytes)),
        peak_bytes_per_row: rounded(most(({ peakBytes }) => peakBytes)),
      }),
    };
  },
  undefined,
  TARGETS,
);

function told({ rows, requests, seconds, heldBytes, residentBytes, peakBytes }: LoadRun): string {
  return (
    `${rows} rows in ${requests} requests, ${seconds.toFixed(2)} s; held ${(heldBytes / MB).toFixed(0)} MB, ` +
    `resident ${(residentBytes / MB).toFixed(0)} MB, peak ${(peakBytes / MB).toFixed(0)} MB`
  );
}
