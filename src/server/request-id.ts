import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';

/** What a client may call its request; a key that strays into the header is not repeated. */
const SANE = /^(?!pnd_)[A-Za-z0-9._:=+/-]{1,64}$/;

/** The client's own `X-Request-Id` where it is one, else a new one. */
export function requestIdFor(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SANE.test(given) ? given : randomUUID();
}

export function requestIdOf(response: Response): string {
  return response.locals['requestId'] as string;
}
