import { once } from 'node:events';
import { type Request, type Response, Router } from 'express';
import type { StudyEvent } from '../domain/event.ts';
import { DomainError } from '../domain/errors.ts';
import { isUnderWay } from '../domain/sweep-state.ts';
import { readEvents } from '../service/read-events.ts';
import { readSweep, type SweepingContext, type SweepView } from '../service/read-sweep.ts';
import type { Lifecycle } from './lifecycle.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { problem, sendProblem } from './problem.ts';
import { sweepResource } from './sweep-resources.ts';

/** How streams of events are served. */
export interface StreamLimits {
  /** Clients that listen at the same time, of all studies. */
  readonly listeners: number;
  /** After so long without an event a comment is sent, so that nobody on the way takes the connection for dead. */
  readonly heartbeatMs: number;
  /** After so long the stream ends, and its client comes again: with a key that may have been revoked. */
  readonly longestMs: number;
  /** How long a client may take to read what was written. */
  readonly slowestMs: number;
}

export const STREAM_LIMITS: StreamLimits = {
  listeners: 64,
  heartbeatMs: 15_000,
  longestMs: 15 * 60_000,
  slowestMs: 30_000,
};

/** Another service on the same database tells nobody here: what it does is looked for. */
const LOOK_MS = 2000;

/** Clients that lose the connection come again after so long. */
const RETRY_MS = 2000;

/** Events that are read, and written, at once. */
const PAGE = 100;

/** Streams that are open. */
export interface SweepStreams {
  readonly open: () => number;
  readonly router: Router;
}

/**
 * `GET …/sweep:events`: the events of the study from now on, or after `Last-Event-ID`, and how its sweep stands, as server-sent events
 * until the sweep waits for nobody but a client, or has ended.
 *
 * Each listener is a place in the study's stored event log and no more: one that is slow is written to when it has read.
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
        await stream(context, request.params.id, after ?? sweep.lastEvent, response, { draining, limits });
      } finally {
        open--;
      }
    })
    .all(methodNotAllowed('GET, HEAD'));
  return { open: () => open, router };
}

/** More is to be heard without a client's doing, or it is paused and may go on. */
function isListenedTo({ state }: SweepView): boolean {
  return isUnderWay(state) || state === 'paused';
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

async function stream(
  context: SweepingContext,
  study: string,
  from: number,
  response: Response,
  { draining, limits }: { readonly draining: AbortSignal; readonly limits: StreamLimits },
): Promise<void> {
  // Not of AbortSignal.any and .timeout: Node 20 may collect such a signal before its time has come.
  const gone = new AbortController();
  const ending = new AbortController();
  const close = (): void => gone.abort();
  const end = (): void => ending.abort();
  response.once('close', close);
  gone.signal.addEventListener('abort', end);
  draining.addEventListener('abort', end);
  if (draining.aborted) end();
  const longest = setTimeout(end, limits.longestMs);
  const over = ending.signal;
  const write = async (text: string): Promise<void> => {
    if (response.write(text)) return;
    const slowest = setTimeout(close, limits.slowestMs);
    try {
      await once(response, 'drain', { signal: gone.signal });
    } finally {
      clearTimeout(slowest);
    }
  };
  let sequence = from;
  let shown = '';
  let heard = performance.now();
  try {
    await write(`retry: ${RETRY_MS}\n\n`);
    while (!over.aborted) {
      const change = nextChange(context, study, over);
      // Read before the events: those up to its end are among them.
      const sweep = await readSweep(context, study);
      const events = await readEvents(context, study, sequence, PAGE);
      for (const event of events) {
        sequence = event.sequence;
        await write(frame(event.kind, event, sequence));
      }
      const resource = sweepResource(sweep);
      const standing = JSON.stringify({ ...resource, seconds: 0, secondsLeft: 0 });
      const isLast = !isListenedTo(sweep) && events.length < PAGE;
      if (!isLast && standing !== shown) await write(frame('progress', resource));
      if (isLast) {
        await write(frame('end', resource, sequence));
        break;
      }
      if (events.length > 0 || standing !== shown) heard = performance.now();
      shown = standing;
      if (performance.now() - heard >= limits.heartbeatMs) {
        await write(': still here\n\n');
        heard = performance.now();
      }
      if (events.length < PAGE) await change.comes;
      else change.forget();
    }
    response.end();
  } catch (error) {
    // One that left, or reads too slowly, is no fault; nor is a study that was deleted meanwhile.
    const isSlowOrGone = error instanceof Error && error.name === 'AbortError';
    if (!isSlowOrGone && !(error instanceof DomainError)) throw error;
    response.destroy();
  } finally {
    clearTimeout(longest);
    draining.removeEventListener('abort', end);
    response.removeListener('close', close);
    gone.abort();
  }
}

/** Comes when the sweep may have changed, is to be looked at again, or nobody listens any more. */
function nextChange(
  { sweeps }: SweepingContext,
  study: string,
  over: AbortSignal,
): { readonly comes: Promise<void>; readonly forget: () => void } {
  let resolve: () => void;
  const comes = new Promise<void>((take) => (resolve = take));
  const done = (): void => {
    clearTimeout(timer);
    unwatch?.();
    over.removeEventListener('abort', done);
    resolve();
  };
  const timer = setTimeout(done, LOOK_MS);
  const unwatch = sweeps?.watch(study, done);
  over.addEventListener('abort', done, { once: true });
  if (over.aborted) done();
  return { comes, forget: done };
}

/** Source: the HTML standard, section 9.2.6. JSON has no line breaks. */
function frame(event: string, data: StudyEvent | object, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
