import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { openLogFile } from './log/log-file.ts';

/**
 * What two studies on one log agree on, in hexadecimal: the SHA-256 of the bytes of its file; of several files, the SHA-256
 * of theirs, in order, a line each.
 */
export async function fingerprint(files: readonly string[]): Promise<string> {
  const sums: string[] = [];
  for (const file of files) sums.push(await sha256(file));
  if (sums.length === 1) return sums[0]!;
  return createHash('sha256').update(sums.join('\n')).digest('hex');
}

async function sha256(path: string): Promise<string> {
  await openLogFile(path);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
