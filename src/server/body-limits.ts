import type { RequestHandler } from 'express';
import { checkDepth } from '../domain/json-value.ts';

/** Refuses a body that is nested too deep before a schema looks at it. */
export const bodyLimits: RequestHandler = (request, _response, next) => {
  checkDepth(request.body, 'request_invalid');
  next();
};
