import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { DomainError } from '../domain/errors.ts';
import { type AnsweredOnce, answerOnce, type StoredAnswer } from '../service/answer-once.ts';
import type { MeasuringContext } from '../service/create-measured-experiment.ts';
import type { ReadoutUploads } from '../service/import-readout-file.ts';
import type { SweepingContext } from '../service/read-sweep.ts';
import type { WriteContext } from '../service/service-context.ts';

/** What the routes work with. */
export interface ServerContext extends SweepingContext, MeasuringContext {
  readonly uploads: ReadoutUploads;
}

/** What a POST answers with; its body is sent as JSON. */
export interface PostAnswer {
  readonly status?: number;
  readonly location?: string;
  readonly body: unknown;
}

const LONGEST_KEY = 255;

/**
 * The handler of a POST: runs the use case, and sends what `answerOf` makes of its result. Under an `Idempotency-Key` it runs
 * once (`answerOnce`); an answer that is sent again says `Idempotency-Replayed: true`.
 */
export function post<Params, Result>(
  context: ServerContext,
  run: (context: WriteContext<Result>, request: Request<Params>) => Promise<Result>,
  answerOf: (result: Result, request: Request<Params>) => PostAnswer,
): RequestHandler<Params> {
  return async (request, response) => {
    const once = await answerUnderKey<Result>(
      { ...context, actor: actorOf(response, context) },
      request.get('idempotency-key'),
      () => requestHash(request),
      (writing) => run(writing, request),
      (result) => answerOf(result, request),
    );
    sendAnswer(response, once);
  };
}

/** Runs a use case, under an `Idempotency-Key` once; `requestHashOf` makes a SHA-256 of all that is asked. */
export async function answerUnderKey<Result>(
  context: ServerContext,
  key: string | undefined,
  requestHashOf: () => string,
  run: (context: WriteContext<Result>) => Promise<Result>,
  answerOf: (result: Result) => PostAnswer,
): Promise<AnsweredOnce> {
  const answer = (result: Result): StoredAnswer => stored(answerOf(result));
  if (key === undefined) return { answer: answer(await run(context)), replayed: false };
  return answerOnce(context, { keyHash: keyHashOf(key), requestHash: requestHashOf() }, run, answer);
}

/** Who asks, where a handler before has found out. */
export function actorOf({ locals }: Response, { actor }: Pick<ServerContext, 'actor'>): string {
  return typeof locals['actor'] === 'string' ? locals['actor'] : actor;
}

/** SHA-256 of an `Idempotency-Key`, once it is found sound. Throws `request_invalid`. */
export function keyHashOf(key: string): string {
  if (/^[\x21-\x7e]+$/.test(key) && key.length <= LONGEST_KEY) return hashOf(key);
  throw new DomainError(
    'request_invalid',
    `the Idempotency-Key is malformed: expected 1 to ${LONGEST_KEY} printable ASCII characters without spaces`,
  );
}

function requestHash({ method, baseUrl, path, body }: Request<unknown>): string {
  return hashOf(JSON.stringify([method, baseUrl + path, body ?? null]));
}

/** SHA-256. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function stored({ status = 200, location, body }: PostAnswer): StoredAnswer {
  return { status, location: location ?? null, body: JSON.stringify(body) };
}

export function sendAnswer(response: Response, { answer, replayed }: AnsweredOnce): void {
  const { status, location, body } = answer;
  if (replayed) response.set('Idempotency-Replayed', 'true');
  if (location !== null) response.location(location);
  response.status(status).type('application/json').send(body);
}
