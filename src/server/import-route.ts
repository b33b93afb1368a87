import { type RequestHandler, Router } from 'express';
import { openImport } from '../service/import-trials.ts';
import type { ServiceContext } from '../service/service-context.ts';
import { importLines } from './import-lines.ts';
import type { Lifecycle } from './lifecycle.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { actorOf, keyHashOf } from './post.ts';
import { problem, sendProblem } from './problem.ts';

/** `POST trials:import`: a trial a line. Its body is read as it comes, so it stands before what parses whole bodies. */
export function importRouter(
  context: Pick<ServiceContext, 'store' | 'clock' | 'actor'>,
  lifecycle: Lifecycle,
): Router {
  const router = Router({ caseSensitive: true });
  router
    .route('/:id/trials\\:import')
    .post<{ id: string }>(linesOnly, async (request, response) => {
      const controller = new AbortController();
      // A client that has left before is not heard of again.
      if (!response.destroyed) lifecycle.open.add(controller);
      response.once('close', () => lifecycle.open.delete(controller));
      const actor = actorOf(response, context);
      const key = request.get('idempotency-key');
      const keyHash = key === undefined ? undefined : keyHashOf(key);
      const importing = await openImport({ ...context, actor }, request.params.id, keyHash);
      const isOver = (): boolean => lifecycle.phase() === 'draining';
      const imported = await importLines(request, importing, isOver);
      if (imported === undefined) return;
      if (importing.known?.isWhole === true) response.set('Idempotency-Replayed', 'true');
      const { trials, first, last } = imported;
      response.json({ imported: trials, first, last });
    })
    .all(methodNotAllowed('POST'));
  return router;
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
