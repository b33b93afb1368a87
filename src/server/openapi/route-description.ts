import type { z } from 'zod';
import type { ErrorCode } from '../../domain/errors.ts';
import type { SHARED_HEADERS } from './shared-headers.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** `METHOD /path/{parameter}`, as a client writes it. */
export type RouteName = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;

/** What a route answers with where all is well. */
export interface AnswerDescription {
  readonly description: string;
  /** Of JSON; nothing else is said, the answer has no body. */
  readonly schema?: z.ZodType;
  /** Of what is no JSON: its media types. */
  readonly types?: Readonly<Record<string, TextDescription>>;
  readonly headers?: readonly AnswerHeader[];
}

/** Text, or lines of which each is JSON of a schema. */
export interface TextDescription {
  readonly description: string;
  readonly line?: z.ZodType;
}

export type AnswerHeader = keyof typeof SHARED_HEADERS;

/** What a route takes: one that is sound, with which a reader of the document can begin. */
export interface BodyDescription {
  readonly schema: z.ZodType;
  readonly needed: boolean;
  readonly example: unknown;
}

/** What a route takes and answers; `document.ts` adds what all routes have in common. */
export interface RouteDescription {
  /** Unique: clients that are generated name their methods by it. */
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Of path parameters that are not as `PATH_PARAMETERS` has them. */
  readonly parameters?: Readonly<Record<string, z.ZodType>>;
  readonly query?: z.ZodObject;
  readonly ifMatch?: 'needed' | 'optional';
  /** Whether it goes on after an event, by `Last-Event-ID`. */
  readonly lastEventId?: boolean;
  /** JSON; a body that may be left out is taken for `{}`. */
  readonly body?: BodyDescription;
  /** Instead of `body`, `application/x-ndjson`, each line JSON of this schema. */
  readonly lines?: Pick<BodyDescription, 'schema' | 'example'>;
  /** Instead of `body`, a file of rows: its media types, and an example of those that are text. */
  readonly files?: Readonly<Record<string, { readonly description: string; readonly example?: string }>>;
  /** Whether it takes an `Idempotency-Key`: what goes through `post()` does. */
  readonly once?: boolean;
  /** By status. */
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** What it can refuse beside what any route can. */
  readonly problems?: readonly ErrorCode[];
}

export type RouteTable = Readonly<Record<RouteName, RouteDescription>>;
