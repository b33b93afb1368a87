import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { DomainError } from '../domain/errors.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface ReceivedFile {
  readonly bytes: number;
  /** SHA-256. */
  readonly hash: string;
}

/** The body is larger than it may be. */
export class BodyTooLargeError extends Error {}

/**
 * Writes a body to a new file as it comes, which this user alone may read. Undefined where the client left before its end.
 *
 * Throws BodyTooLargeError once it is, `disk_full`, and the signal's reason.
 */
export async function receiveFile(
  request: IncomingMessage,
  path: string,
  largest: number,
  signal: AbortSignal,
): Promise<ReceivedFile | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > largest) throw new BodyTooLargeError();
  const hash = createHash('sha256');
  let bytes = 0;
  const chunks = (request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>)[
    Symbol.asyncIterator
  ]();
  try {
    signal.throwIfAborted();
    const file = await open(path, 'wx', 0o600);
    try {
      for (;;) {
        const next = await unlessAborted(signal, chunks.next());
        if (next.done === true) break;
        bytes += next.value.length;
        if (bytes > largest) throw new BodyTooLargeError();
        hash.update(next.value);
        await file.writeFile(next.value);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    // All may have arrived before the client left, and not have been read.
    if (request.destroyed && (!request.complete || request.errored !== null)) return undefined;
    // What is left of the body can be dropped then; a chunk that is waited for may never come.
    const left = chunks.return?.();
    if (!signal.aborted) await left;
    throw isFull(error) ? full(bytes) : error;
  }
  return { bytes, hash: hash.digest('hex') };
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function full(bytes: number): DomainError {
  return new DomainError(
    'disk_full',
    `the disk is full where bodies are kept while they are read, after ${bytes} bytes of this one, and nothing of it is kept: expected room, or a smaller body`,
  );
}
