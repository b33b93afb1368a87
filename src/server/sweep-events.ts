import { type Request, Router } from 'express';
import { DomainError } from '../domain/errors.ts';
import { readSweep, type SweepingContext } from '../service/read-sweep.ts';
import type { Lifecycle } from './lifecycle.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { problem, sendProblem } from './problem.ts';
import { isListenedTo, streamSweep, type StreamLimits } from './sweep-stream.ts';

/** Streams that are open. */
export interface SweepStreams {
  readonly open: () => number;
  readonly router: Router;
}

/**
 * `GET …/sweep:events`: the events of the study from now on, or after `Last-Event-ID`, and how its sweep stands, as server-sent events
 * until the sweep waits for nobody but a client, or has ended.
 */
export function sweepStreams(
  context: SweepingContext,
  { draining }: Pick<Lifecycle, 'draining'>,
  limits: StreamLimits,
): SweepStreams {
  let open = 0;
  const router = Router({ caseSensitive: true });
  router
    .route('/:id/sweep\\:events')
    .get<{ id: string }>(async (request, response) => {
      const after = lastEventId(request);
      const sweep = await readSweep(context, request.params.id);
      if (after !== undefined && !isListenedTo(sweep) && after >= sweep.lastEvent) {
        // To a client that has heard all and comes again this says that nothing more will come.
        response.status(204).end();
        return;
      }
      if (open >= limits.listeners) {
        response.set('Retry-After', String(limits.heartbeatMs / 1000));
        const detail = `${limits.listeners} clients listen: expected fewer at a time`;
        sendProblem(response, problem(429, 'listeners_full', detail));
        return;
      }
      response.set({ 'X-Accel-Buffering': 'no' });
      response.type('text/event-stream');
      if (request.method === 'HEAD') {
        response.end();
        return;
      }
      open++;
      try {
        // An id beyond the last is of a database that was restored from a backup since.
        const from = Math.min(after ?? Infinity, sweep.lastEvent);
        await streamSweep(context, request.params.id, from, response, { draining, limits });
      } finally {
        open--;
      }
    })
    .all(methodNotAllowed('GET, HEAD'));
  return { open: () => open, router };
}

function lastEventId(request: Request<{ id: string }>): number | undefined {
  const text = request.get('last-event-id');
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new DomainError(
    'request_invalid',
    'the Last-Event-ID is none of this stream: expected the id of the last event that was read, or none',
  );
}
