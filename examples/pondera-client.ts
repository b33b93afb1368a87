// A client of `pondera serve` with nothing but Node, typed by its OpenAPI document (pondera-api.ts). Copy both.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Operations, Problem } from './pondera-api.ts';

/** What an operation takes: what stands in its path, its query and body. Headers are the client's own. */
export type Request<Name extends keyof Operations> = Omit<Operations[Name], 'answer' | 'header'> & {
  /** The ETag of a study that is changed. */
  readonly ifMatch?: string;
};

/** Sends a request and resolves to what its answer holds. Throws PonderaError with the problem document. */
export type Client = <Name extends keyof Operations>(
  name: Name,
  request: Request<Name>,
) => Promise<Operations[Name]['answer']>;

export class PonderaError extends Error {
  override readonly name = 'PonderaError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.status} ${problem.type}: ${problem.detail}`);
    this.problem = problem;
  }
}

const MOST_TRIES = 6;
const LONGEST_WAIT_SECONDS = 10;

/**
 * A client of the service at `base`. A POST has an Idempotency-Key, under which it is sent again where no answer comes, or 429 or
 * 503 says to: nothing is done twice.
 */
export function ponderaClient(base: string, apiKey?: string): Client {
  return async <Name extends keyof Operations>(name: Name, request: Request<Name>) => {
    const { path = {}, query = {}, body, ifMatch } = request as LooseRequest;
    const [method, template] = name.split(' ') as [string, string];
    const filled = template.replaceAll(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(path[key]!));
    const url = new URL(`${base}${filled}`);
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    const isImport = typeof body === 'string';
    const headers: Record<string, string> = {
      ...(body !== undefined && { 'content-type': isImport ? 'application/x-ndjson' : 'application/json' }),
      ...(method === 'POST' && !isImport && { 'idempotency-key': randomUUID() }),
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    };
    const sent = body === undefined ? null : isImport ? body : JSON.stringify(body);
    const response = await sendUntilAnswered(url, { method, headers, body: sent }, !isImport);
    const text = await response.text();
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
    const answer: unknown = isJson ? JSON.parse(text) : text === '' ? undefined : text;
    if (!response.ok) throw new PonderaError(answer as Problem);
    return answer as Operations[Name]['answer'];
  };
}

interface LooseRequest {
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly ifMatch?: string;
}

async function sendUntilAnswered(url: URL, sent: RequestInit, canRepeat: boolean): Promise<Response> {
  for (let tries = 1; ; tries++) {
    let wait = 2 ** (tries - 1) / 10;
    try {
      const response = await fetch(url, sent);
      const isLast = !canRepeat || tries === MOST_TRIES;
      if (isLast || (response.status !== 429 && response.status !== 503)) return response;
      wait = Number(response.headers.get('retry-after') ?? wait);
      await response.body?.cancel();
    } catch (error) {
      if (!canRepeat || tries === MOST_TRIES) throw error;
    }
    await sleep(Math.min(wait, LONGEST_WAIT_SECONDS) * 1000);
  }
}
