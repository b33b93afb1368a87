import { z } from 'zod';
import { studyNameSchema } from '../../domain/name.ts';
import { computes, scopeNeeded } from '../route-rules.ts';
import type { JsonSchema, SchemaCollection } from './json-schema.ts';
import { needsKey, problemCodes, problemOfCodes } from './problem-answers.ts';
import type { AnswerDescription, AnswerHeader, Method, RouteDescription } from './route-description.ts';

/** What stands in braces in paths, unless a route says otherwise. */
const PATH_PARAMETERS: Readonly<Record<string, z.ZodType>> = {
  id: studyNameSchema.describe('The name of the study.'),
  number: z.int().min(0).describe('The number of the trial.'),
  file: z.enum(['swagger-ui.css', 'swagger-ui-bundle.js', 'start.js']),
};

export interface OpenApiOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  /** By scheme, the scope; an empty one says that none is needed too. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly unknown[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, OpenApiContent>>;
  };
  readonly responses: Readonly<Record<string, OpenApiAnswer | { readonly $ref: string }>>;
}

export interface OpenApiAnswer {
  readonly description: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, OpenApiContent>>;
}

interface OpenApiContent {
  readonly schema: JsonSchema;
  /** Of lines, what each is; OpenAPI 3.2 will have `itemSchema` for it. */
  readonly 'x-itemSchema'?: JsonSchema;
  readonly example?: unknown;
}

/** The operation of a route; schemas with a name go among `schemas`, what it answers with problems among `shared`. */
export function operation(
  schemas: SchemaCollection,
  shared: Record<string, OpenApiAnswer>,
  method: Method,
  path: string,
  described: RouteDescription,
): OpenApiOperation {
  const { operationId, tag, summary, description, ifMatch, lastEventId = false, once = false } = described;
  const scope = scopeNeeded(method.toUpperCase(), path);
  const problems = problemCodes(path, computes(path, method.toUpperCase()), described);
  const answers = Object.entries(described.answers).map(
    ([status, answer]) => [status, answerOf(schemas, once, answer)] as const,
  );
  const refusals = Array.from(problems, ([status, codes]) => {
    const name = [`Problem${status}`, ...codes].join('.');
    shared[name] = problemAnswer(status, codes);
    return [String(status), { $ref: `#/components/responses/${name}` }] as const;
  });
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: needsKey(path) ? [{ apiKey: [scope] }, {}] : [],
    parameters: [
      ...pathParameters(schemas, path, described),
      ...queryParameters(schemas, described),
      ...(once ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
      ...(ifMatch === undefined ? [] : [ifMatchParameter(ifMatch === 'needed')]),
      ...(lastEventId ? [LAST_EVENT_ID] : []),
      ...(described.files === undefined ? [] : [CONTENT_ENCODING]),
    ],
    ...bodyOf(schemas, described),
    responses: Object.fromEntries([...answers, ...refusals]),
  };
}

function pathParameters(
  schemas: SchemaCollection,
  path: string,
  { parameters = {} }: RouteDescription,
): readonly unknown[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => {
    const schema = parameters[name!] ?? PATH_PARAMETERS[name!];
    if (schema === undefined) throw new RangeError(`the parameter ${name} of ${path} has no schema`);
    return { name, in: 'path', required: true, schema: schemas.schemaOf(schema, 'input') };
  });
}

function queryParameters(schemas: SchemaCollection, { query }: RouteDescription): readonly unknown[] {
  if (query === undefined) return [];
  return Object.entries(query.shape as Readonly<Record<string, z.ZodType>>).map(([name, described]) => {
    // Pages show the description of a parameter, and not that of its schema.
    const { description, ...schema } = schemas.schemaOf(described, 'input');
    return {
      name,
      in: 'query',
      required: false,
      ...(description !== undefined && { description }),
      schema,
    };
  });
}

function ifMatchParameter(required: boolean) {
  return {
    name: 'If-Match',
    in: 'header',
    required,
    description: 'The ETag that the study was read with, or `*`.',
    schema: { type: 'string' },
  };
}

const LAST_EVENT_ID = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description: 'The id of the last event that was read, as a browser sends it by itself.',
  schema: { type: 'string', pattern: '^\\d{0,15}$' },
};

const CONTENT_ENCODING = {
  name: 'Content-Encoding',
  in: 'header',
  required: false,
  description: 'How text is packed; Parquet is sent as it is.',
  schema: { type: 'string', enum: ['identity', 'gzip', 'zstd'] },
};

const TEXT: JsonSchema = { type: 'string' };

function bodyOf(
  schemas: SchemaCollection,
  { body, lines, files }: RouteDescription,
): Pick<OpenApiOperation, 'requestBody'> {
  if (files !== undefined) {
    const content = Object.entries(files).map(([type, { description: text, example }]) => {
      const schema =
        example === undefined
          ? { ...TEXT, contentMediaType: type, description: text }
          : { ...TEXT, description: text };
      return [type, { schema, ...(example !== undefined && { example }) }] as const;
    });
    return { requestBody: { required: true, content: Object.fromEntries(content) } };
  }
  if (lines !== undefined) {
    const content = {
      schema: TEXT,
      'x-itemSchema': schemas.schemaOf(lines.schema, 'input'),
      example: `${JSON.stringify(lines.example)}\n`,
    };
    return { requestBody: { required: true, content: { 'application/x-ndjson': content } } };
  }
  if (body === undefined) return {};
  const content = { schema: schemas.schemaOf(body.schema, 'input'), example: body.example };
  return { requestBody: { required: body.needed, content: { 'application/json': content } } };
}

function answerOf(
  schemas: SchemaCollection,
  once: boolean,
  { description, schema, types = {}, headers = [] }: AnswerDescription,
): OpenApiAnswer {
  const json = schema && ([['application/json', { schema: schemas.schemaOf(schema, 'output') }]] as const);
  const texts = Object.entries(types).map(([type, text]) => {
    const line = text.line && schemas.schemaOf(text.line, 'output');
    const content = { schema: { ...TEXT, description: text.description } };
    return [type, { ...content, ...(line && { 'x-itemSchema': line }) }] as const;
  });
  const content = Object.fromEntries([...(json ?? []), ...texts]) as OpenApiAnswer['content'] & object;
  return {
    description,
    headers: headersOf([...headers, ...(once ? (['Idempotency-Replayed'] as const) : [])]),
    ...(Object.keys(content).length > 0 && { content }),
  };
}

const HEADER_OF_STATUS: Readonly<Partial<Record<number, AnswerHeader>>> = {
  401: 'WWW-Authenticate',
  403: 'WWW-Authenticate',
  429: 'Retry-After',
  503: 'Retry-After',
};

function problemAnswer(status: number, codes: readonly string[]): OpenApiAnswer {
  const header = HEADER_OF_STATUS[status];
  return {
    description: codes.map((code) => `\`${code}\``).join(', '),
    headers: headersOf(header === undefined ? [] : [header]),
    content: { 'application/problem+json': { schema: problemOfCodes(codes) } },
  };
}

function headersOf(names: readonly AnswerHeader[]) {
  return Object.fromEntries(
    ['X-Request-Id', ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
}
