import type { RequestHandler } from 'express';
import { accessOf } from './access.ts';
import { problem, sendProblem } from './problem.ts';

/** The names of this machine, with any port. */
const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\])(:\d+)?$/;

/**
 * Without keys, being on this machine is what lets a client in, and a page in a browser is on this machine too.
 *
 * A page whose name was made to mean 127.0.0.1 (DNS rebinding) sends its own name as `Host`, and is refused; one that posts
 * across sites sends its `Origin`. With keys neither is looked at: no page has one, and a browser adds none by itself.
 */
export const sameMachineOnly: RequestHandler = (request, response, next) => {
  const { host = '', origin } = request.headers;
  if (accessOf(response)?.keysAreNeeded === true) next();
  else if (!LOOPBACK.test(host)) {
    sendProblem(response, problem(421, 'host', 'expected the host 127.0.0.1 or localhost'));
  } else if (origin !== undefined && !LOOPBACK.test(origin.replace(/^https?:\/\//, ''))) {
    sendProblem(response, problem(403, 'origin', 'expected no page of another site'));
  } else next();
};
