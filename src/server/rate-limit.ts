import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { accessOf } from './access.ts';
import { problem, sendProblem } from './problem.ts';

const WINDOW_SECONDS = 10;

/**
 * At most `rate` requests a second, counted over ten seconds, of each key, or of each address without one.
 *
 * Answers carry `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-08); beyond it comes 429 with
 * `Retry-After`.
 */
export function requestRate(rate: number): RequestHandler {
  if (rate === 0) return (_request, _response, next) => next();
  return rateLimit({
    windowMs: WINDOW_SECONDS * 1000,
    limit: rate * WINDOW_SECONDS,
    identifier: 'requests',
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (request, response) => {
      const caller = accessOf(response)?.caller;
      return caller === undefined ? `address ${ipKeyGenerator(request.ip ?? '')}` : `key ${caller.id}`;
    },
    handler: (_request, response) => {
      const detail = `more than ${rate} requests a second, over ${WINDOW_SECONDS} seconds: expected fewer`;
      sendProblem(response, problem(429, 'rate_exceeded', detail));
    },
    validate: false,
  });
}
