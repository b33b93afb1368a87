import type { Request, Response } from 'express';
import { DomainError } from '../domain/errors.ts';
import type { ManagedStudy, Precondition } from '../service/change-study.ts';

/** Says which revision an answer shows. */
export function setEtag(response: Response, { revision }: Pick<ManagedStudy, 'revision'>): void {
  response.set('ETag', `"${revision}"`);
}

/** What the client has seen, by its `If-Match`; undefined without one. A weak tag is no match. Source: RFC 9110, section 13.1.1. */
export function ifMatch<Params>(request: Request<Params>): Precondition | undefined {
  const header = request.get('if-match');
  if (header === undefined) return undefined;
  const tags = new Set(header.split(',').map((tag) => tag.trim()));
  return (revision) => tags.has('*') || tags.has(`"${revision}"`);
}

/** The same of a request that needs one, or `precondition_required`. Source: RFC 6585, section 3. */
export function neededIfMatch<Params>(request: Request<Params>): Precondition {
  const precondition = ifMatch(request);
  if (precondition !== undefined) return precondition;
  throw new DomainError(
    'precondition_required',
    'a change needs an If-Match: expected the ETag that the study was read with, or *',
  );
}
