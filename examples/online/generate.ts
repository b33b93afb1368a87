import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { HEADS } from '../../bench/online/world/heads.ts';
import { surface } from './surface.ts';

/** Of the log that the surface leaves, as many requests as make a small file. */
const REQUESTS = 2200;
const SCORE_DECIMALS = 4;

/** The log of the walk-through as CSV: the same text on every run. */
export function generateOnlineLog(): string {
  const { heads, requestOffsets } = surface().log;
  const columns = [
    'request_id',
    ...HEADS.map((head) => `score_${head}`),
    ...HEADS.map((head) => `label_${head}`),
  ];
  const lines = [columns.join(',')];
  for (let request = 0; request < REQUESTS; request++) {
    for (let row = requestOffsets[request]!; row < requestOffsets[request + 1]!; row++) {
      const scores = heads.map(({ probability }) => probability[row]!.toFixed(SCORE_DECIMALS));
      const labels = heads.map(({ label }) => label[row]!);
      lines.push([request + 1, ...scores, ...labels].join(','));
    }
  }
  return `${lines.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = fileURLToPath(new URL('../../../examples/online/impressions.csv.gz', import.meta.url));
  writeFileSync(path, gzipSync(generateOnlineLog(), { level: 9 }));
}
