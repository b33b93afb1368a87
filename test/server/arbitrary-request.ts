import * as fc from 'fast-check';
import type { JsonSchema } from '../../src/server/openapi/json-schema.ts';
import type { OpenApiOperation } from '../../src/server/openapi/operation.ts';
import { computes } from '../../src/server/route-rules.ts';
import { type Body, bodyOf, brokenBody } from './arbitrary-body.ts';
import { FUZZ_STUDIES, NAMES_OF_STUDIES } from './fuzz-bodies.ts';
import { DOCUMENT } from './openapi/conformance.ts';
import { valuesOf } from './openapi/schema-arbitrary.ts';

export interface ArbitraryRequest extends Body {
  readonly method: string;
  readonly path: string;
}

/** Part of a path, without the blanks and control characters that Node's client refuses to send. */
const pathText = fc.string({
  unit: fc.constantFrom(...Array.from('aZ0-_.~:/%2Fé?#[]@!$&()*+,;=')),
  maxLength: 30,
});

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: JsonSchema;
}

function parametersOf({ parameters }: OpenApiOperation, place: Parameter['in']): readonly Parameter[] {
  return parameters
    .map((each) => {
      const { $ref } = each as { readonly $ref?: string };
      return ($ref === undefined ? each : DOCUMENT.components.parameters.IdempotencyKey) as Parameter;
    })
    .filter((each) => each.in === place);
}

/** What stands for a parameter in a path: mostly something that there is. */
function pathParameter({ operationId }: OpenApiOperation, { name, schema }: Parameter): fc.Arbitrary<string> {
  const known =
    name === 'id'
      ? fc.constantFrom(...(NAMES_OF_STUDIES[operationId] ?? FUZZ_STUDIES))
      : name === 'number'
        ? fc.nat(10).map(String)
        : valuesOf(schema).map(String);
  const wellFormed = valuesOf(schema).map((value) => encodeURIComponent(String(value)));
  return fc.oneof({ arbitrary: known, weight: 12 }, wellFormed, pathText);
}

const queryText = fc.oneof(
  fc.constantFrom('', '0', '-1', '1e3', '%00', '[]', '[a]=1', '__proto__'),
  pathText,
);

/** Some of the parameters of a query, each sound or not; or one that there is not. */
function queryOf(operation: OpenApiOperation): fc.Arbitrary<string> {
  const sound = parametersOf(operation, 'query').map(({ name, schema }) =>
    valuesOf(schema).map((value) => `${name}=${encodeURIComponent(String(value))}`),
  );
  const off = parametersOf(operation, 'query').map(({ name }) => queryText.map((text) => `${name}=${text}`));
  const orders = ['order=-metrics.relevance', 'order=metrics.safety&pageSize=1', 'order=metrics.__proto__'];
  const unknown = fc.constantFrom('a=b', 'constructor=1', '&&=', 'pageToken=WyJ4IiwxXQ', ...orders);
  const none = fc.constant('');
  if (sound.length === 0) return fc.oneof({ arbitrary: none, weight: 9 }, unknown);
  return fc.oneof(
    { arbitrary: none, weight: 2 },
    { arbitrary: fc.array(fc.oneof(...sound), { maxLength: 2 }).map((parts) => parts.join('&')), weight: 4 },
    {
      arbitrary: fc
        .array(fc.oneof(...sound, ...off, unknown), { maxLength: 3 })
        .map((parts) => parts.join('&')),
      weight: 2,
    },
  );
}

/** Few keys and revisions, so that some meet again; and some that are none. */
const HEADER_VALUES: Readonly<Record<string, readonly string[]>> = {
  'Idempotency-Key': ['a', 'b', 'c', '', 'x y', 'x'.repeat(300)],
  'Last-Event-ID': ['0', '7', '', '-1', 'x', '9'.repeat(20)],
  'Content-Encoding': ['identity', 'gzip', 'zstd', 'br', ''],
  'If-Match': ['*', '*', '"1"', '"1", W/"2"', 'nonsense', ''],
};

function headersOf(operation: OpenApiOperation): fc.Arbitrary<Readonly<Record<string, string>>> {
  const names = parametersOf(operation, 'header').map(({ name }) => name);
  const given = names.map((name) => {
    const some = fc.constantFrom(...(HEADER_VALUES[name] ?? ['']));
    const none = fc.constant(undefined);
    return fc.oneof({ arbitrary: none, weight: name === 'If-Match' ? 1 : 8 }, { arbitrary: some, weight: 3 });
  });
  return fc
    .tuple(...given)
    .map((values) =>
      Object.fromEntries(
        names.flatMap((name, i) =>
          values[i] === undefined ? [] : [[name.toLowerCase(), values[i]] as const],
        ),
      ),
    );
}

/** Close to what an operation of the document takes: nothing is off, one thing is, or several are. */
function requestOf(
  method: string,
  path: string,
  operation: OpenApiOperation,
): fc.Arbitrary<ArbitraryRequest> {
  const parameters = parametersOf(operation, 'path');
  const verb = method.toUpperCase();
  return fc
    .tuple(
      fc.tuple(...parameters.map((parameter) => pathParameter(operation, parameter))),
      queryOf(operation),
      headersOf(operation),
      bodyOf(operation),
      fc.nat(19),
    )
    .map(([values, query, ofOperation, { headers, ...sent }, chance]) => {
      const filled = parameters.reduce(
        (text, { name }, i) => text.replace(`{${name}}`, () => values[i]!),
        path,
      );
      return {
        method: verb === 'GET' && chance === 0 ? 'HEAD' : verb,
        path: query === '' ? filled : `${filled}?${query}`,
        headers: { ...headers, ...ofOperation },
        ...sent,
      };
    });
}

/** Any method, path, headers and text. */
const implausible: fc.Arbitrary<ArbitraryRequest> = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'),
    fc.constantFrom('/', '/v1/', '/v1/studies', '/v1/studies/fuzz/', '/docs/', '/healthz'),
    pathText,
    brokenBody,
    fc.record({
      accept: fc.constantFrom('*/*', 'text/html', ''),
      'if-none-match': fc.constantFrom('*', 'W/"1"'),
    }),
  )
  .map(([method, mount, rest, { headers, ...sent }, more]) => ({
    method,
    path: `${mount}${rest}`,
    headers: { ...headers, ...more },
    ...sent,
  }));

/** Server-sent events: the answer has no end that could be waited for. */
export function isStream({ responses }: OpenApiOperation): boolean {
  return Object.values(responses).some(
    (answer) => 'content' in answer && answer.content?.['text/event-stream'] !== undefined,
  );
}

/** What takes a body can be asked wrongly in most ways; fits take longer than all else. */
function weightOf(method: string, path: string): number {
  if (!path.startsWith('/v1/')) return 1;
  return computes(path) ? 2 : method === 'post' ? 5 : 2;
}

const plausible = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([, operation]) => !isStream(operation))
    .map(([method, operation]) => ({
      arbitrary: requestOf(method, path, operation),
      weight: weightOf(method, path),
    })),
);

export const arbitraryRequest: fc.Arbitrary<ArbitraryRequest> = fc.oneof(
  { arbitrary: fc.oneof(...plausible), weight: 7 },
  { arbitrary: implausible, weight: 1 },
);
