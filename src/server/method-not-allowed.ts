import type { RequestHandler } from 'express';
import { problem, sendProblem } from './problem.ts';

/** Ends a route: tells what the resource allows to whoever asks with OPTIONS or by another method. */
export function methodNotAllowed(allowed: string): RequestHandler {
  return (request, response) => {
    response.set('Allow', allowed);
    if (request.method === 'OPTIONS') response.status(204).end();
    else {
      const { method, baseUrl, path } = request;
      const detail = `${baseUrl}${path} has no ${method}: expected ${allowed}`;
      sendProblem(response, problem(405, 'method_not_allowed', detail));
    }
  };
}
