import { Agent, request } from 'node:http';

/** Longer than the service gives any request: what is not answered by then hangs. */
export const LONGEST_WAIT_MS = 150_000;

const agent = new Agent({ keepAlive: true });

/** What the service answered. */
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  readonly ms: number;
}

export interface Question {
  /** JSON, or text as it stands. */
  readonly body?: object | string;
  /** The `Idempotency-Key`. */
  readonly key?: string;
  readonly type?: string;
}

/** One request; undefined where the connection broke before the whole answer had come, or nothing came for too long. */
export function ask(
  address: string,
  method: string,
  path: string,
  { body, key, type = 'application/json' }: Question = {},
): Promise<Told | undefined> {
  const { hostname, port } = new URL(address);
  const start = performance.now();
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    ...(text !== undefined && { 'content-type': type, 'content-length': Buffer.byteLength(text) }),
    ...(key !== undefined && { 'idempotency-key': key }),
  };
  return new Promise((resolve) => {
    const sent = request({ agent, hostname, port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('close', () => {
        if (!response.complete) resolve(undefined);
      });
      response.once('end', () => {
        const ms = performance.now() - start;
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
          ms,
        });
      });
    });
    sent.setTimeout(LONGEST_WAIT_MS, () => sent.destroy());
    sent.once('error', () => resolve(undefined));
    sent.end(text);
  });
}
