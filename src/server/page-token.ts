import { createHash } from 'node:crypto';
import { DomainError } from '../domain/errors.ts';

/**
 * Where a list goes on, in a form that says nothing to its client and holds for the same query alone: the same list, order and
 * filters. How many are asked for may differ.
 */
export function pageToken(query: readonly unknown[], position: unknown): string {
  return Buffer.from(JSON.stringify([digestOf(query), position])).toString('base64url');
}

/** The position in a token of this query. Throws `request_invalid` for a token of another, or that is none. */
export function positionOf(query: readonly unknown[], token: string): unknown {
  const parsed = parsedToken(token);
  if (parsed === undefined) throw refused('is no page token');
  const [digest, position] = parsed;
  if (digest !== digestOf(query)) throw refused('is of another query');
  return position;
}

function parsedToken(token: string): readonly [unknown, unknown] | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(parsed) && parsed.length === 2 ? [parsed[0], parsed[1]] : undefined;
  } catch {
    return undefined;
  }
}

function refused(found: string): DomainError {
  const expected = 'expected the nextPageToken of the page before, under the same order and filters';
  return new DomainError('request_invalid', `${found}: ${expected}`, { pointer: '/pageToken' });
}

function digestOf(query: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify(query.map((part) => part ?? null)))
    .digest('base64url')
    .slice(0, 16);
}
