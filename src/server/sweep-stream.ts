import { once } from 'node:events';
import type { Response } from 'express';
import type { StudyEvent } from '../domain/event.ts';
import { DomainError } from '../domain/errors.ts';
import { isUnderWay } from '../domain/sweep-state.ts';
import { readEvents } from '../service/read-events.ts';
import { readSweep, type SweepingContext, type SweepView } from '../service/read-sweep.ts';
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

/** More is to be heard without a client's doing, or it is paused and may go on. */
export function isListenedTo({ state }: SweepView): boolean {
  return isUnderWay(state) || state === 'paused';
}

/**
 * Writes the events of a study after one, and how its sweep stands in between, until nothing more will come without a client.
 *
 * Each listener is a place in the study's stored event log and no more: one that is slow is written to when it has read.
 */
export async function streamSweep(
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
