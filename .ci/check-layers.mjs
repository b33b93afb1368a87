// Runs dependency-cruiser over the layers. It fails as well when a source file was not looked at: without its parser the
// tool looks at none and finds nothing wrong.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';

const FOLDERS = ['math', 'gp', 'acquisition', 'store', 'src', 'test', 'bench', 'examples'];
const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');

const { output } = await cruise(FOLDERS, {
  ...options,
  ruleSet: { forbidden },
  validate: true,
  outputType: 'json',
});
const { modules, summary } = JSON.parse(output);

const seen = new Set(modules.map(({ source }) => source));
const missed = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true }).map((file) => `${folder}/${file}`),
)
  .filter((file) => file.endsWith('.ts'))
  .filter((file) => !seen.has(file));

for (const { rule, from, to } of summary.violations) process.stderr.write(`${rule.name}: ${from} -> ${to}\n`);
for (const file of missed) process.stderr.write(`not looked at: ${file}\n`);
process.stdout.write(`layers: ${modules.length} modules, ${summary.violations.length} violations\n`);
process.exitCode = summary.violations.length + missed.length > 0 ? 1 : 0;
