import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** Impressions and clicks of each arm of a test of headlines. */
export interface UpworthyTest {
  readonly impressions: readonly number[];
  readonly clicks: readonly number[];
}

const checkout = fileURLToPath(new URL('../../../', import.meta.url));
const folder = process.env['PONDERA_UPWORTHY'] ?? join(checkout, '../shared/data/upworthy');

/** The tests of the Upworthy Research Archive; undefined, and said, where they are not on this machine. */
export function upworthyTests(): readonly UpworthyTest[] | undefined {
  if (!existsSync(join(folder, 'n_matrix.csv.gz'))) {
    process.stdout.write(`    skipped: ${folder} is not here (PONDERA_UPWORTHY names it)\n`);
    return undefined;
  }
  const impressions = rows('n_matrix.csv.gz');
  const clicks = rows('y_matrix.csv.gz');
  return [...impressions].map(([test, counts]) => {
    const arms = [...counts.keys()].filter((arm) => counts[arm]! > 0);
    const clicked = clicks.get(test)!;
    return { impressions: arms.map((arm) => counts[arm]!), clicks: arms.map((arm) => clicked[arm]!) };
  });
}

/** The numbers of each line after the header, by its first field. */
function rows(file: string): ReadonlyMap<string, readonly number[]> {
  const text = gunzipSync(readFileSync(join(folder, file))).toString('utf8');
  return new Map(
    text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .map(([test, ...counts]) => [test!, counts.map(Number)]),
  );
}
