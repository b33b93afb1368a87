import type { RequestHandler } from 'express';
import { checkLengths } from '../domain/json-value.ts';

/** Refuses a body with a text that is longer than any, before a schema looks at it. */
export const bodyLimits: RequestHandler = (request, _response, next) => {
  checkLengths(request.body, 'request_invalid');
  next();
};
