import type { RequestHandler, Response } from 'express';
import { type ApiKey, grants } from '../domain/api-key.ts';
import { authenticate, keysAreNeeded } from '../service/api-keys.ts';
import type { ServiceContext } from '../service/service-context.ts';
import { problem, sendProblem } from './problem.ts';
import { scopeNeeded } from './route-rules.ts';

/** Who calls: a key, or anybody on this machine while the database has no key. */
export interface Access {
  readonly keysAreNeeded: boolean;
  /** The valid key that came with the request. */
  readonly caller: ApiKey | undefined;
}

const OPEN: Access = { keysAreNeeded: false, caller: undefined };

/** Who makes this request; undefined until `identify` has looked. */
export function accessOf(response: Response): Access | undefined {
  return response.locals['access'] as Access | undefined;
}

/** Looks who calls, and refuses nobody yet. A key is looked up for each request, so that a revoked one ends at once. */
export function identify({ store }: Pick<ServiceContext, 'store'>): RequestHandler {
  let needed = false;
  return async (request, response, next) => {
    needed ||= await keysAreNeeded(store);
    const token = bearerToken(request.headers.authorization);
    const access: Access = !needed
      ? OPEN
      : { keysAreNeeded: true, caller: token === undefined ? undefined : await authenticate(store, token) };
    response.locals['access'] = access;
    // Under this name what a request does is recorded.
    if (access.caller !== undefined) response.locals['actor'] = access.caller.name;
    next();
  };
}

/** Lets a request pass whose key has the scope that its method and path need. Source: RFC 6750, section 3. */
export const authorise: RequestHandler = (request, response, next) => {
  const access = accessOf(response);
  if (access === undefined) throw new RangeError('authorise stands before identify');
  const needed = scopeNeeded(request.method, `${request.baseUrl}${request.path}`);
  if (!access.keysAreNeeded) next();
  else if (access.caller === undefined) {
    const isSent = request.headers.authorization !== undefined;
    response.set('WWW-Authenticate', `Bearer realm="pondera"${isSent ? ', error="invalid_token"' : ''}`);
    const detail = isSent
      ? 'the API key is unknown or revoked: expected a valid one (Authorization: Bearer pnd_…)'
      : 'no API key: expected one (Authorization: Bearer pnd_…)';
    sendProblem(response, problem(401, 'key_needed', detail));
  } else if (!grants(access.caller.scope, needed)) {
    const { name, scope } = access.caller;
    response.set('WWW-Authenticate', `Bearer realm="pondera", error="insufficient_scope", scope="${needed}"`);
    const detail = `the API key "${name}" has the scope ${scope}: expected one of scope ${needed}`;
    sendProblem(response, problem(403, 'scope_needed', detail));
  } else next();
};

function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}
