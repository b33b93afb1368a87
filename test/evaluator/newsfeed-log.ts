import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { headSchema } from '../../src/domain/log.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { readLog } from '../../src/evaluator/read-log.ts';

const checkout = fileURLToPath(new URL('../../../', import.meta.url));
const folder = process.env['PONDERA_NEWSFEED'] ?? join(checkout, '../shared/data/newsfeed');
const file = join(folder, 'impressions.parquet');

export const NEWSFEED_HEADS = ['click', 'deep_scroll', 'follow_on', 'long_click'];

/** The newsfeed log with its users; undefined, and said, where it is not on this machine. */
export async function newsfeedLog(): Promise<EngagementLog | undefined> {
  if (!existsSync(file)) {
    process.stdout.write(`    skipped: ${file} is not here (PONDERA_NEWSFEED names its folder)\n`);
    return undefined;
  }
  const heads = NEWSFEED_HEADS.map((head) => [
    head,
    headSchema.parse({ score: `score_${head}`, label: `label_${head}`, negativeKeepRate: 0.1 }),
  ]);
  return readLog({
    path: file,
    request: 'request_id',
    user: 'user_id',
    timestamp: 'timestamp',
    nullScores: 'refuse',
    heads: Object.fromEntries(heads),
  });
}
