import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { excerptOf, prepareFolder, runStep, stepsOf } from './page.ts';

// Runs the commands of docs/online.md and writes into it what they print now.
const root = fileURLToPath(new URL('../../../', import.meta.url));
const path = join(root, 'docs/online.md');
const page = readFileSync(path, 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'pondera-page-'));
prepareFolder(folder, root);
let fresh = '';
let written = 0;
for (const step of stepsOf(page)) {
  const output = runStep(step, folder);
  if (step.paragraphs === undefined) continue;
  fresh += page.slice(written, step.from) + excerptOf(output, step.paragraphs);
  written = step.to;
}
writeFileSync(path, fresh + page.slice(written));
rmSync(folder, { recursive: true });
