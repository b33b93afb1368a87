import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { type Request, type Response, Router } from 'express';
import { canonicalJson } from '../domain/canonical-json.ts';
import { parseWith } from '../domain/schema.ts';
import { type AnsweredOnce, isAnswered } from '../service/answer-once.ts';
import { checkBeforeFile, type ImportedFile, importReadoutFile } from '../service/import-readout-file.ts';
import { requestEnd } from './deadline.ts';
import { type ExperimentParams, experimentNumber } from './experiment-routes.ts';
import type { Lifecycle } from './lifecycle.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { actorOf, answerUnderKey, hashOf, keyHashOf, sendAnswer, type ServerContext } from './post.ts';
import { problem, sendProblem } from './problem.ts';
import { importedFileAnswer, readoutImportQuerySchema, requestOfQuery } from './readout-import-resources.ts';
import { BodyTooLargeError, receiveFile } from './receive-file.ts';
import type { ServiceLimits } from './service-limits.ts';

/** Beside a body: what memory does not hold of its rows. */
const SPILL_BY_SIZE = 4;

/** Requests are answered meanwhile. */
const THREADS = 2;

/**
 * `POST readouts:import`: a readout as a file. Its body is written to a file as it comes, so it stands before what parses whole
 * bodies; a process of its own reads that.
 */
export function readoutImportRouter(
  context: ServerContext,
  lifecycle: Lifecycle,
  limits: Pick<ServiceLimits, 'deadline' | 'uploadSize' | 'uploadMemory'>,
): Router {
  const importFile = async (
    request: Request<ExperimentParams>,
    response: Response,
    name: string,
  ): Promise<AnsweredOnce | undefined> => {
    // Before anything is waited for: the client may leave meanwhile.
    const end = requestEnd(limits.deadline, lifecycle, response);
    const { uploads } = context;
    const { method, baseUrl, path: route, query, params } = request;
    const asked = parseWith(readoutImportQuerySchema, query, 'request_invalid');
    const reading = requestOfQuery(asked);
    const number = experimentNumber(params.number);
    const writing = { ...context, actor: actorOf(response, context) };
    const key = request.get('idempotency-key');
    const isKnown = key !== undefined && (await isAnswered(writing, keyHashOf(key)));
    // What the file need not be read for is told before it is sent.
    if (!isKnown) await checkBeforeFile(context.store, params.id, number, reading);
    const place = await uploads.folder.place();
    try {
      const path = join(place.path, name);
      const received = await receiveFile(request, path, limits.uploadSize, end.signal);
      if (received === undefined) return undefined;
      end.begin();
      const bounds = {
        memoryBytes: limits.uploadMemory,
        spillFolder: join(place.path, 'spill'),
        spillBytes: SPILL_BY_SIZE * limits.uploadSize,
        threads: THREADS,
      };
      return await answerUnderKey<ImportedFile>(
        writing,
        key,
        () => hashOf(JSON.stringify([method, baseUrl + route, name, canonicalJson(asked), received.hash])),
        (stored) =>
          importReadoutFile(stored, uploads, params.id, number, { path, bounds, ...reading }, end.signal),
        (imported) => importedFileAnswer(params.id, imported),
      );
    } finally {
      // What is stored is answered as that.
      await place.remove().catch((error: unknown) => uploads.onFailure(params.id, String(error)));
    }
  };

  const router = Router({ caseSensitive: true });
  router
    .route('/:id/experiments/:number/readouts\\:import')
    .post<ExperimentParams>(async (request, response) => {
      const name = fileName(request.headers);
      try {
        if (name === undefined) sendProblem(response, problem(415, 'media_type', EXPECTED));
        else {
          const once = await importFile(request, response, name);
          if (once !== undefined) sendAnswer(response, once);
        }
      } catch (error) {
        if (!(error instanceof BodyTooLargeError)) throw error;
        const detail = `the body is too large: expected at most ${limits.uploadSize} bytes`;
        sendProblem(response, problem(413, 'body_too_large', detail));
      } finally {
        // What is left of the body is read and dropped, so that its client comes to read the answer.
        request.resume();
      }
    })
    .all(methodNotAllowed('POST'));
  return router;
}

const EXPECTED =
  'expected text/csv or application/x-ndjson in UTF-8, as it is or with the Content-Encoding gzip or zstd, or application/vnd.apache.parquet';

const TEXT = /^(text\/csv|application\/x-ndjson)\s*(;\s*(charset="?utf-8"?|header="?present"?)\s*)*$/i;

const SUFFIX_OF_ENCODING: ReadonlyMap<string, string> = new Map([
  ['identity', ''],
  ['gzip', '.gz'],
  ['zstd', '.zst'],
]);

/** The name by which a body is read, which says what it is; undefined where it is of no kind that is read. */
function fileName(headers: IncomingHttpHeaders): string | undefined {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = headers;
  const suffix = SUFFIX_OF_ENCODING.get(encoding.toLowerCase());
  const text = TEXT.exec(type)?.[1];
  if (text !== undefined && suffix !== undefined)
    return text.toLowerCase() === 'text/csv' ? `readout.csv${suffix}` : `readout.ndjson${suffix}`;
  return /^application\/vnd\.apache\.parquet$/i.test(type) && suffix === '' ? 'readout.parquet' : undefined;
}
