import { type Request, type RequestHandler, Router } from 'express';
import { DomainError } from '../domain/errors.ts';
import { checkLengths } from '../domain/json-value.ts';
import { parseWith } from '../domain/schema.ts';
import { openImport, type SoundTrial, type TrialImport } from '../service/import-trials.ts';
import type { ServiceContext } from '../service/service-context.ts';
import { bodyLines } from './body-lines.ts';
import { checkJsonText } from './json-text.ts';
import type { Lifecycle } from './lifecycle.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { actorOf } from './post.ts';
import { problem, sendProblem } from './problem.ts';
import { importLineSchema } from './resources.ts';

const LONGEST_LINE = 65_536;
const MOST_LINES = 100_000;

/** Trials of one transaction: what a crash can lose, and what is checked without a pause. */
const CHUNK = 200;

/** `POST trials:import`: a trial a line. Its body is read as it comes, so it stands before what parses whole bodies. */
export function importRouter(
  context: Pick<ServiceContext, 'store' | 'clock' | 'actor'>,
  lifecycle: Lifecycle,
): Router {
  const router = Router({ caseSensitive: true });
  router
    .route('/:id/trials\\:import')
    .post<{ id: string }>(linesOnly, withoutKey, async (request, response) => {
      const controller = new AbortController();
      lifecycle.open.add(controller);
      response.once('close', () => lifecycle.open.delete(controller));
      const actor = actorOf(response, context);
      const importing = await openImport({ ...context, actor }, request.params.id);
      const isOver = (): boolean => lifecycle.phase() === 'draining';
      const answer = await importLines(request, importing, isOver);
      if (answer !== undefined) response.json(answer);
    })
    .all(methodNotAllowed('POST'));
  return router;
}

/** What was stored; undefined where the client left before the end. */
async function importLines(request: Request, importing: TrialImport, isOver: () => boolean) {
  let imported = 0;
  let first: number | null = null;
  let last: number | null = null;
  let waiting: SoundTrial[] = [];
  const commit = async (): Promise<void> => {
    if (waiting.length === 0) return;
    if (isOver())
      throw new DomainError('service_stopping', 'the service is stopping: expected the rest later');
    const range = await importing.store(waiting);
    first ??= range.first;
    last = range.last;
    imported += waiting.length;
    waiting = [];
  };
  try {
    const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    for await (const { number, bytes } of bodyLines(chunks, LONGEST_LINE, MOST_LINES)) {
      const trial = trialOf(importing, number, bytes);
      if (trial === undefined) continue;
      waiting.push(trial);
      if (waiting.length === CHUNK) await commit();
    }
    await commit();
  } catch (error) {
    if (request.destroyed && !request.complete) return undefined;
    // What is left of the body is read and dropped, so that its client comes to read the answer.
    request.resume();
    if (!(error instanceof DomainError)) throw error;
    const { code, message, place, details } = error;
    throw new DomainError(code, inLine(message, details.line), place, { ...details, imported });
  }
  if (last === null)
    throw new DomainError('request_invalid', 'the body has no line: expected a trial a line');
  return { imported, first, last };
}

function inLine(message: string, line: number | undefined): string {
  return line === undefined ? message : `line ${line}: ${message}`;
}

/** The trial of a line; undefined for a blank one. */
function trialOf(importing: TrialImport, line: number, bytes: Uint8Array): SoundTrial | undefined {
  try {
    const value = jsonOf(bytes);
    return value === undefined
      ? undefined
      : importing.check(parseWith(importLineSchema, value, 'request_invalid'));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, message, place, details } = error;
    throw new DomainError(code, message, place, { ...details, line });
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function jsonOf(bytes: Uint8Array): unknown {
  checkJsonText(bytes);
  let value: unknown;
  try {
    const text = decoder.decode(bytes);
    if (text.trim() === '') return undefined;
    value = JSON.parse(text);
  } catch {
    throw new DomainError('request_invalid', 'is no JSON in UTF-8: expected an object in one line');
  }
  checkLengths(value, 'request_invalid');
  return value;
}

const linesOnly: RequestHandler<{ id: string }> = (request, response, next) => {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  const isLines = /^application\/x-ndjson\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type);
  if (isLines && encoding === 'identity') next();
  else {
    const expected = 'expected application/x-ndjson in UTF-8, without encoding';
    sendProblem(response, problem(415, 'media_type', expected));
  }
};

/** What is committed a part at a time cannot be replayed as a whole. */
const withoutKey: RequestHandler<{ id: string }> = (request, _response, next) => {
  if (request.get('idempotency-key') === undefined) next();
  else {
    throw new DomainError(
      'request_invalid',
      'an import takes no Idempotency-Key, as it is stored a part at a time: expected none; the last trials of the study say how far it came',
    );
  }
};
