import type { RequestHandler } from 'express';
import { checkDepth, checkSize } from '../domain/json-value.ts';

/** Refuses a body that is nested too deep, or holds too much, before a schema looks at it. */
export const bodyLimits: RequestHandler = (request, _response, next) => {
  checkDepth(request.body, 'request_invalid');
  checkSize(request.body, 'request_invalid');
  next();
};
