import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { openApiDocument, ROUTES } from '../../../src/server/openapi/document.ts';
import type { OpenApiAnswer, OpenApiOperation } from '../../../src/server/openapi/operation.ts';
import type { Method, RouteDescription, RouteName } from '../../../src/server/openapi/route-description.ts';
import { problemSchema } from '../../../src/server/problem.ts';
import type { Answer } from '../answer.ts';

export const DOCUMENT = openApiDocument('0.0.0');

/** An operation of the document, and how it is found by a request. */
export interface FoundOperation {
  readonly name: RouteName;
  readonly operation: OpenApiOperation;
  readonly described: RouteDescription;
}

interface Pattern extends FoundOperation {
  readonly path: RegExp;
}

/** Those whose path has fewer parameters first, and verbs before names that could hold them. */
const PATTERNS: readonly Pattern[] = Object.entries(DOCUMENT.paths)
  .flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}` as RouteName;
      const expression = path.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+');
      return {
        name,
        operation,
        described: ROUTES[name]!,
        path: new RegExp(`^${expression}$`),
      };
    }),
  )
  .toSorted((a, b) => weight(b) - weight(a));

/** Characters outside parameters: the more there are, the closer a path describes what it matches. */
function weight({ name }: Pick<FoundOperation, 'name'>): number {
  return pathOf({ name }).replaceAll(/\{\w+\}/g, '').length;
}

function pathOf({ name }: Pick<FoundOperation, 'name'>): string {
  return name.split(' ')[1]!;
}

/** The operation that a request is one of; undefined where it is none. */
export function operationOf(method: string, url: string): FoundOperation | undefined {
  const path = url.split(/[?#]/)[0]!;
  const wanted = method === 'HEAD' ? 'GET' : method;
  const closest = PATTERNS.find((pattern) => pattern.path.test(path));
  const isOfThat = ({ name }: Pattern): boolean => name === `${wanted} ${pathOf(closest!)}`;
  return closest && PATTERNS.find(isOfThat);
}

// JSON Schema as any other program reads it, not as zod does. Formats are held against zod alone; OpenAPI's own words are no assertions.
const ajv = new Ajv2020({ strict: false, allErrors: false, formats: { date: true, 'date-time': true } });
ajv.addSchema({ ...DOCUMENT, $id: 'pondera:openapi' });

const validators = new Map<string, ValidateFunction>();

/** Whether a value is as the schema at this JSON pointer of the document says. */
export function validatorAt(keys: readonly string[]): ValidateFunction {
  const pointer = keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  let validate = validators.get(pointer);
  if (validate === undefined) {
    validate = ajv.compile({ $ref: `pondera:openapi#${encodeURI(pointer)}` });
    validators.set(pointer, validate);
  }
  return validate;
}

/** Where the answer of an operation stands in the document, and what it is. */
function answerAt({ name, operation }: FoundOperation, status: number) {
  const [method, path] = name.split(' ') as [string, string];
  const found = operation.responses[String(status)];
  if (found === undefined) return undefined;
  if (!('$ref' in found)) {
    const keys = ['paths', path, method.toLowerCase() as Method, 'responses', String(status)];
    return { keys, answer: found };
  }
  const keys = found.$ref.split('/').slice(1);
  return { keys, answer: DOCUMENT.components.responses[keys.at(-1)!]! };
}

/**
 * The answer is one that the document has: its status, its media type, its body by JSON Schema, and nothing in it that the schema
 * it was made from does not name. Requests that are no operation are left to others,
 * and so are answers that the client says it has already.
 */
export function expectDescribed(method: string, url: string, answer: Answer): void {
  const found = operationOf(method, url);
  if (found === undefined || answer.status === 304) return;
  const where = `${method} ${url} → ${answer.status} ${answer.text.slice(0, 600)}`;
  const { status } = answer;
  const described = answerAt(found, status);
  expect(described, `${where} is not in the document (${found.name})`).to.not.equal(undefined);
  expectHeaders(described!.answer, answer, where);
  const { content } = described!.answer;
  const type = answer.type?.split(';')[0];
  if (content === undefined) expect(answer.text, where).to.equal('');
  else expect(Object.keys(content), where).to.include(type);
  if (content === undefined || method === 'HEAD' || !/[/+]json$/.test(type!)) return;
  const validate = validatorAt([...described!.keys, 'content', type!, 'schema']);
  expect(validate(answer.body), `${where}: ${JSON.stringify(validate.errors)}`).to.equal(true);
  const schema = status < 400 ? found.described.answers[status]!.schema! : problemSchema;
  const parsed = schema.safeParse(answer.body);
  expect(parsed.error?.issues ?? [], where).to.deep.equal([]);
}

/** Those that an answer always has. */
const SURE = new Set(['X-Request-Id', 'ETag', 'Location', 'Content-Disposition']);

function expectHeaders({ headers }: OpenApiAnswer, answer: Answer, where: string): void {
  for (const name of Object.keys(headers)) {
    if (SURE.has(name)) expect(answer.headers[name.toLowerCase()], `${where} ${name}`).to.be.a('string');
  }
  for (const name of ['etag', 'location', 'retry-after', 'www-authenticate', 'idempotency-replayed']) {
    const isSent = answer.headers[name] !== undefined;
    const isDescribed = Object.keys(headers).some((each) => each.toLowerCase() === name);
    expect(isSent && !isDescribed, `${where} ${name} is sent and not described`).to.equal(false);
  }
}
