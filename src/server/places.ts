import type { RequestHandler } from 'express';
import { problem, sendProblem } from './problem.ts';

/** Places for requests of one kind, as many as may be worked on at a time. */
export interface Places {
  readonly most: number;
  /** How many are taken. */
  readonly length: () => number;
  /** Gives a request of the kind a place, or answers 429 where there is none. */
  readonly gate: RequestHandler;
}

/** Of the latest duration in the mean that `Retry-After` tells. */
const LATEST_SHARE = 0.2;
const LONGEST_RETRY_SECONDS = 60;

/** `takesPlace` says by its path and method whether a request is of the kind; `code` and `detail` are of the refusal. */
export function createPlaces(
  most: number,
  takesPlace: (path: string, method: string) => boolean,
  code: string,
  detail: string,
): Places {
  let length = 0;
  let meanSeconds = 1;
  const gate: RequestHandler = (request, response, next) => {
    if (!takesPlace(request.path, request.method)) {
      next();
      return;
    }
    if (length >= most) {
      // About when the next place is free, were they all taken at the same time.
      const seconds = Math.min(LONGEST_RETRY_SECONDS, Math.max(1, Math.ceil(meanSeconds)));
      response.set('Retry-After', String(seconds));
      sendProblem(response, problem(429, code, detail));
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
