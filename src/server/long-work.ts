import type { RequestHandler } from 'express';
import { problem, sendProblem } from './problem.ts';
import { computes } from './route-rules.ts';

/** The requests that compute or wait to. */
export interface LongWork {
  readonly most: number;
  /** How many there are now. */
  readonly length: () => number;
  /** Lets a request in that computes, or answers 429 where there are as many as may be. */
  readonly gate: RequestHandler;
}

/** Of the latest duration in the mean that `Retry-After` tells. */
const LATEST_SHARE = 0.2;
const LONGEST_RETRY_SECONDS = 60;

export function createLongWork(most: number): LongWork {
  let length = 0;
  let meanSeconds = 1;
  const gate: RequestHandler = (request, response, next) => {
    if (!computes(request.path, request.method)) {
      next();
      return;
    }
    if (length >= most) {
      // About when the next place is free, were they all taken at the same time.
      const seconds = Math.min(LONGEST_RETRY_SECONDS, Math.max(1, Math.ceil(meanSeconds)));
      response.set('Retry-After', String(seconds));
      const detail = `${most} requests compute or wait to: expected fewer at a time`;
      sendProblem(response, problem(429, 'queue_full', detail));
      return;
    }
    length++;
    const start = performance.now();
    response.once('close', () => {
      length--;
      meanSeconds += LATEST_SHARE * ((performance.now() - start) / 1000 - meanSeconds);
    });
    next();
  };
  return { most, length: () => length, gate };
}
