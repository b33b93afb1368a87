import type { RequestHandler } from 'express';
import { DomainError } from '../domain/errors.ts';
import { problem, sendProblem } from './problem.ts';

export type Phase = 'starting' | 'serving' | 'draining';

/** How often is looked whether the last request is answered. */
const CHECK_MS = 10;

/** From the first request to the last: what is taken on, and what is still to be finished. */
export interface Lifecycle {
  phase(): Phase;
  /** The workers have loaded: requests are answered as fast as they will ever be. */
  started(): void;
  /** The requests that are worked on; to abort one is to give up what it waits for. */
  readonly open: Set<AbortController>;
  /** Aborted from `drain` on: what has no end of its own ends. */
  readonly draining: AbortSignal;
  /** Refuses requests from `drain` on. */
  readonly refuseWhileDraining: RequestHandler;
  /**
   * Takes on nothing more, waits until what is open is answered, and after `limitMs` gives the rest up: it is answered 503,
   * and nothing of it is stored. Resolves to how many those were.
   */
  drain(limitMs: number): Promise<number>;
}

export function createLifecycle(): Lifecycle {
  let phase: Phase = 'starting';
  const open = new Set<AbortController>();
  const draining = new AbortController();
  const isFinished = async (limitMs: number): Promise<void> => {
    const end = performance.now() + limitMs;
    while (open.size > 0 && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
    }
  };
  return {
    phase: () => phase,
    started() {
      if (phase === 'starting') phase = 'serving';
    },
    open,
    draining: draining.signal,
    refuseWhileDraining(_request, response, next) {
      if (phase !== 'draining') {
        next();
        return;
      }
      response.set({ 'Retry-After': '1', Connection: 'close' });
      sendProblem(response, problem(503, 'service_stopping', STOPPING));
    },
    async drain(limitMs) {
      phase = 'draining';
      draining.abort();
      await isFinished(limitMs);
      const left = [...open];
      for (const controller of left) controller.abort(new DomainError('service_stopping', GIVEN_UP));
      return left.length;
    },
  };
}

const STOPPING = 'the service is stopping: expected no new request';
const GIVEN_UP =
  'the service is stopping and gave the work up, nothing of it is stored: expected a new request';
