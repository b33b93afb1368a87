import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { HEADS } from '../../bench/online/world/heads.ts';
import type { PlainPayload } from '../../src/online/export/plain-json.ts';
import { simulateExperiment } from './simulate-experiment.ts';
import { surface } from './surface.ts';

/** Users that come by during one experiment. */
const USERS = 150_000;

const [armsFile, readoutFile] = process.argv.slice(2);
if (armsFile === undefined || readoutFile === undefined) {
  process.stderr.write('usage: experiment.js ARMS.json READOUT.csv.gz\n');
  process.exit(2);
}

// What `pondera arms --export json` wrote.
const arms = JSON.parse(readFileSync(armsFile, 'utf8')) as PlainPayload;
const columns = [
  'user_id',
  'arm',
  ...HEADS.map((head) => `${head}s`),
  ...HEADS.map((head) => `${head}s_before`),
];
const lines = [columns.join(',')];
for (const { id, arm, counts, before } of simulateExperiment(surface(), arms, USERS)) {
  lines.push([id, arm, ...counts, ...before].join(','));
}
const text = `${lines.join('\n')}\n`;
writeFileSync(readoutFile, readoutFile.endsWith('.gz') ? gzipSync(text) : text);
process.stdout.write(
  `${arms.experiment}: ${(lines.length - 1).toLocaleString('en')} users in ${arms.arms.length} arms\n`,
);
