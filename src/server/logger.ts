import type { Request, Response } from 'express';
import { type Logger, pino } from 'pino';
import { accessOf } from './access.ts';
import type { LogStream } from './log-stream.ts';
import { requestIdOf } from './request-id.ts';
import { sentStatus } from './sent-status.ts';

const LONGEST_PATH = 200;

/** API keys in paths, where they do not belong. */
const SECRETS = /pnd_[\w-]+/g;

/** Paths that are asked for every few seconds. */
const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** A logger of JSON lines with ISO times. */
export function createLogger(level: string, stream: LogStream): Logger {
  return pino({ level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` }, stream);
}

/** A line for a request that is over: no headers, no query, no body. */
export function logRequest(
  logger: Logger,
  request: Request,
  response: Response,
  route: string,
  seconds: number,
): void {
  const path = request.originalUrl.split('?')[0]!.replaceAll(SECRETS, 'pnd_…');
  const status = sentStatus(response);
  const line = {
    requestId: requestIdOf(response),
    method: request.method,
    path: path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path,
    route,
    status,
    ms: Math.round(seconds * 1e5) / 100,
    key: accessOf(response)?.caller?.id,
  };
  if (status >= 500) logger.warn(line, 'request');
  else if (PROBES.has(path)) logger.debug(line, 'request');
  else logger.info(line, 'request');
}
