import { setTimeout } from 'node:timers/promises';
import { headSchema } from '../../src/domain/log.ts';
import { readLog } from '../../src/evaluator/read-log.ts';

export interface LoadRun {
  readonly rows: number;
  readonly requests: number;
  readonly seconds: number;
  /** Of the typed arrays that stay. */
  readonly heldBytes: number;
  /** What the process takes more than before it read, when the log is there and garbage is collected. */
  readonly residentBytes: number;
  readonly peakBytes: number;
}

const BYTES_PER_KB = 1024;

/** Until the collector has let go of what is not used, and the allocator has given it back. */
const SETTLE_MS = 500;

const [path = '', heads = ''] = process.argv.slice(2);
const before = process.memoryUsage().rss;
const start = performance.now();
const log = await readLog({
  path,
  request: 'request',
  nullScores: 'refuse',
  heads: Object.fromEntries(
    heads
      .split(',')
      .map((name) => [
        name,
        headSchema.parse({ score: `score_${name}`, label: `label_${name}`, negativeKeepRate: 0.1 }),
      ]),
  ),
});
const seconds = (performance.now() - start) / 1000;
const peakBytes = process.resourceUsage().maxRSS * BYTES_PER_KB;
for (let i = 0; i < 2; i++) {
  globalThis.gc!();
  await setTimeout(SETTLE_MS);
}
const columns = log.heads.reduce(
  (sum, { probability, label }) => sum + probability.byteLength + label.byteLength,
  0,
);
const run: LoadRun = {
  rows: log.rows,
  requests: log.requests,
  seconds,
  heldBytes: columns + log.requestOffsets.byteLength,
  residentBytes: process.memoryUsage().rss - before,
  peakBytes,
};
process.send!(run);
process.disconnect();
