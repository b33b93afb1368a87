import { Agent, request } from 'node:http';
import { expect } from 'chai';
import type { Problem } from '../../src/server/problem.ts';
import type { Answer } from './answer.ts';
import { expectDescribed } from './openapi/conformance.ts';

export type { Answer } from './answer.ts';

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** How long its answer may take; left out, 20 s. */
  readonly waitMs?: number;
}

/** Longer than any answer may take: what is not answered by then hangs. */
const LONGEST_WAIT_MS = 50_000;

const agent = new Agent({ keepAlive: true });

/**
 * One request as it is given: neither the path nor the headers are made proper, as `fetch` would. Its answer is held against the
 * OpenAPI document.
 */
export async function exchange<Body = unknown>(
  address: string,
  method: string,
  path: string,
  sent: Sent = {},
): Promise<Answer<Body>> {
  const answer = await answerOf<Body>(address, method, path, sent);
  expectDescribed(method, path, answer);
  return answer;
}

function answerOf<Body>(
  address: string,
  method: string,
  path: string,
  { headers = {}, body, waitMs = LONGEST_WAIT_MS }: Sent,
): Promise<Answer<Body>> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const sent = request({ agent, hostname, port, method, path, headers: { ...length, ...headers } });
    sent.setTimeout(waitMs, () => sent.destroy(new Error(`${method} ${path} hangs`)));
    sent.once('error', reject);
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        const type = response.headers['content-type'];
        const parsed: unknown = text !== '' && /[/+]json\b/.test(type ?? '') ? JSON.parse(text) : undefined;
        resolve({
          status: response.statusCode!,
          type,
          headers: response.headers,
          text,
          body: parsed as Body,
        });
      });
    });
    sent.end(body);
  });
}

export function sendJson<Body = unknown>(
  address: string,
  method: string,
  path: string,
  value?: unknown,
): Promise<Answer<Body>> {
  if (value === undefined) return exchange(address, method, path);
  return exchange(address, method, path, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  });
}

/** A stack frame, or a path on the server's disk. */
const REVEALING = /\n\s+at |node_modules|file:\/\/|\.[cm]?[jt]s\b|\.db\b|\/(?:work|tmp|home|root|usr)\//g;

/** The answer is a problem document of this status and code that gives nothing of the server away. */
export function expectProblem(answer: Answer, status: number, code: string, pointer?: string): Problem {
  expect(answer.status, answer.text).to.equal(status);
  const problem = expectProblemDocument(answer);
  expect(problem.type, answer.text).to.equal(`urn:pondera:problem:${code}`);
  expect(problem.pointer, answer.text).to.equal(pointer);
  expect(problem.errors?.[0]?.pointer, answer.text).to.equal(pointer);
  return problem;
}

/** The same of any status and code. What the request itself said (`sent`) may be said again. */
export function expectProblemDocument(answer: Answer, sent = ''): Problem {
  expect(answer.type).to.equal('application/problem+json; charset=utf-8');
  const problem = answer.body as Problem;
  expect(problem.status).to.equal(answer.status);
  for (const text of [problem.type, problem.title, problem.detail]) {
    expect(text).to.be.a('string').that.is.not.equal('');
  }
  const revealed = answer.text.match(REVEALING)?.filter((found) => !sent.includes(found)) ?? [];
  expect(revealed, answer.text).to.deep.equal([]);
  return problem;
}
