import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { openLogFile } from './log/log-file.ts';

/** The SHA-256 of the bytes of a log, in hexadecimal: two studies on one log agree on it. */
export async function fingerprint(path: string): Promise<string> {
  await openLogFile(path);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
