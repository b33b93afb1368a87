import { DomainError } from './errors.ts';

/** What a key may do; each scope may do what those before it may. */
export const SCOPES = ['read', 'write', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** Whether a key of one scope may do what another is needed for. */
export function grants(held: Scope, needed: Scope): boolean {
  return SCOPES.indexOf(held) >= SCOPES.indexOf(needed);
}

/** A key without its secret: who may call the service, and for what. */
export interface ApiKey {
  /** Part of the key itself, and safe to be shown. */
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  /** ISO 8601, as both times are. */
  readonly createdAt: string;
  /** Null while the key is valid. */
  readonly revokedAt: string | null;
}

/** An identifier is no name: a key is revoked by either. */
const NAME = /^(?![0-9a-f]{12}$)[A-Za-z0-9][A-Za-z0-9 ._@-]{0,63}$/;

/** Who stands in the event log where no key was used. */
const ACTORS_WITHOUT_A_KEY: ReadonlySet<string> = new Set(['local', 'cli', 'service', 'migration']);

/** Throws `key_invalid` for what cannot be the name of a key. */
export function checkKeyName(name: string): void {
  if (ACTORS_WITHOUT_A_KEY.has(name)) {
    throw new DomainError(
      'key_invalid',
      `"${name}" cannot name a key, the event log means something else by it: expected another name`,
    );
  }
  if (NAME.test(name)) return;
  throw new DomainError(
    'key_invalid',
    `"${name.slice(0, 64)}" cannot name a key: expected 1 to 64 letters, digits, blanks and . _ @ -, a letter or digit first`,
  );
}
