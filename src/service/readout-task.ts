import { dirname } from 'node:path';
import { DomainError } from '../domain/errors.ts';
import { roomError } from '../evaluator/log/duckdb-error.ts';
import { packedAs } from '../evaluator/log/log-file.ts';
import { ofReadout } from '../evaluator/readouts/readout-file.ts';
import { readReadoutFile } from './read-readout-file.ts';
import type { ReadoutEnd, ReadoutTask } from './readout-process.ts';

/** Reads a file as `pondera readout` does, in a process of its own. Throws nothing. */
export async function runReadoutTask({ path, request, expected, bounds }: ReadoutTask): Promise<ReadoutEnd> {
  try {
    return await ofReadout(async () => {
      try {
        await checkEncoding(path);
        return { kind: 'read', read: await readReadoutFile({ ...request, path, bounds }, expected) };
      } catch (error) {
        throw roomError(error) ?? error;
      }
    });
  } catch (error) {
    if (!(error instanceof DomainError)) return { kind: 'failed', text: String((error as Error).stack) };
    const { code, message, place } = error;
    const shown = message
      .replaceAll(path, 'the file')
      .replaceAll(dirname(path), 'its folder')
      .replace('--empty-is-zero', 'emptyIsZero=true')
      .replace(/expected what the name says, a (gzip|zstd) file$/, 'expected what Content-Encoding says');
    return { kind: 'refused', code, message: shown, line: place.line, pointer: place.pointer };
  }
}

/** Throws `readout_invalid` for text that is packed and was not said to be. */
async function checkEncoding(path: string): Promise<void> {
  const packed = /\.(csv|ndjson)$/.test(path) ? await packedAs(path) : undefined;
  if (packed === undefined) return;
  throw new DomainError(
    'readout_invalid',
    `is ${packed} data: expected text, or "Content-Encoding: ${packed}" with it`,
  );
}
