import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { DomainError } from '../domain/errors.ts';
import { checkLengths } from '../domain/json-value.ts';
import { parseWith } from '../domain/schema.ts';
import type { Imported, ImportProgress, SoundTrial, TrialImport } from '../service/import-trials.ts';
import { bodyLines } from './body-lines.ts';
import { checkJsonText } from './json-text.ts';
import { importLineSchema } from './resources.ts';

const LONGEST_LINE = 65_536;
const MOST_LINES = 100_000;

/** Trials of one transaction: what a crash can lose, and what is checked without a pause. */
const CHUNK = 200;

/**
 * Imports the lines of a body that are not stored yet, and returns what is stored then; undefined where the client left before
 * the end.
 *
 * Throws what is wrong with a line, with its number and how many trials are stored; `idempotency_mismatch` where the lines that
 * are stored under the key were others.
 */
export async function importLines(
  request: Request,
  importing: TrialImport,
  isOver: () => boolean,
): Promise<Imported | undefined> {
  const { known } = importing;
  let imported: Imported | undefined = known;
  let digest = '';
  let lines = createHash('sha256');
  let seen = 0;
  let waiting: SoundTrial[] = [];
  const digestSoFar = (): string => {
    digest = createHash('sha256').update(digest).update(lines.digest()).digest('hex');
    lines = createHash('sha256');
    return digest;
  };
  const commit = async (): Promise<void> => {
    if (waiting.length === 0) return;
    if (isOver())
      throw new DomainError('service_stopping', 'the service is stopping: expected the rest later');
    imported = await importing.store(waiting, digestSoFar());
    waiting = [];
  };
  try {
    const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    for await (const { number, bytes } of bodyLines(chunks, LONGEST_LINE, MOST_LINES)) {
      if (isBlank(bytes)) continue;
      const isStored = seen < (known?.trials ?? 0);
      if (!isStored && known?.isWhole === true) throw otherLines();
      if (!isStored) waiting.push(trialOf(importing, number, bytes));
      lines.update(bytes).update('\n');
      seen++;
      if (isStored) checkStored(known!, seen, digestSoFar);
      else if (waiting.length === CHUNK) await commit();
    }
    if (seen < (known?.trials ?? 0)) throw otherLines();
    await commit();
    await importing.finish();
  } catch (error) {
    // All may have arrived before the client left, and not have been read.
    if (request.destroyed && (!request.complete || request.errored !== null)) return undefined;
    // What is left of the body is read and dropped, so that its client comes to read the answer.
    request.resume();
    if (!(error instanceof DomainError)) throw error;
    const { code, message, place, details } = error;
    const stored = { imported: imported?.trials ?? 0 };
    throw new DomainError(code, inLine(message, details.line), place, { ...details, ...stored });
  }
  if (imported === undefined)
    throw new DomainError('request_invalid', 'the body has no line: expected a trial a line');
  return imported;
}

/** Takes the digest where one was taken before, and holds it against that of what is stored. */
function checkStored({ trials, digest }: ImportProgress, seen: number, digestSoFar: () => string): void {
  if (seen % CHUNK !== 0 && seen !== trials) return;
  const found = digestSoFar();
  if (seen === trials && found !== digest) throw otherLines();
}

function otherLines(): DomainError {
  return new DomainError(
    'idempotency_mismatch',
    'the Idempotency-Key was used for an import of other lines: expected the lines that are stored and those after them, or a new key',
  );
}

function inLine(message: string, line: number | undefined): string {
  return line === undefined ? message : `line ${line}: ${message}`;
}

function trialOf(importing: TrialImport, line: number, bytes: Uint8Array): SoundTrial {
  try {
    return importing.check(parseWith(importLineSchema, jsonOf(bytes), 'request_invalid'));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, message, place, details } = error;
    throw new DomainError(code, message, place, { ...details, line });
  }
}

/** Nothing but what JSON takes for white space. */
function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function jsonOf(bytes: Uint8Array): unknown {
  checkJsonText(bytes);
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    throw new DomainError('request_invalid', 'is no JSON in UTF-8: expected an object in one line');
  }
  checkLengths(value, 'request_invalid');
  return value;
}
