import * as fc from 'fast-check';
import type { JsonSchema } from '../../src/server/openapi/json-schema.ts';
import type { OpenApiOperation } from '../../src/server/openapi/operation.ts';
import { FUZZ_BODIES } from './fuzz-bodies.ts';
import { mutated, troublesome } from './mutation.ts';
import { valuesOf } from './openapi/schema-arbitrary.ts';

/** A value for a schema of the document: as it should be, one thing off, or as another program would make it. */
function bodyValue(operation: OpenApiOperation, schema: JsonSchema, example: unknown): fc.Arbitrary<unknown> {
  const sound = FUZZ_BODIES[operation.operationId] ?? [example];
  return fc.oneof(
    { arbitrary: fc.constantFrom(...sound), weight: 7 },
    { arbitrary: fc.oneof(...sound.map(mutated)), weight: 6 },
    { arbitrary: valuesOf(schema), weight: 2 },
    { arbitrary: valuesOf(schema).chain(mutated), weight: 2 },
    { arbitrary: troublesome, weight: 1 },
  );
}

/** Of studies, each has a name of its own, so that most are new. */
function named(operation: OpenApiOperation, value: unknown, id: number): unknown {
  if (operation.operationId !== 'createStudy') return value;
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord && !('name' in value) ? { name: `fuzz-${id}`, ...value } : value;
}

/** What is sent beside method and path. */
export interface Body {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Any text under any type. */
export const brokenBody: fc.Arbitrary<Body> = fc.record({
  headers: fc.oneof(
    fc.constant({ 'content-type': 'application/json' }),
    fc.record({
      'content-type': fc.constantFrom(
        'text/plain',
        'application/json; charset=utf-16',
        'application/x-ndjson',
        ';',
      ),
      'content-encoding': fc.constantFrom('identity', 'gzip', 'br', 'nonsense'),
    }),
  ),
  body: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...Array.from('{}[]",:0eE-.\\ntu ')), maxLength: 40 }),
    fc.json(),
  ),
});

/** A body for an operation, or none: mostly one that is near to what it takes. */
export function bodyOf(operation: OpenApiOperation): fc.Arbitrary<Body> {
  const content = operation.requestBody?.content;
  const none = fc.constant({ headers: {} });
  if (content === undefined) return fc.oneof({ arbitrary: none, weight: 15 }, brokenBody);
  const { 'application/json': json, 'application/x-ndjson': lines, 'text/csv': csv } = content;
  if (csv !== undefined) return fc.oneof({ arbitrary: fileOf(content), weight: 3 }, none, brokenBody);
  const sent =
    json === undefined
      ? linesOf(operation, lines!['x-itemSchema']!, lines!.example as string)
      : fc.tuple(fc.nat(1e9), bodyValue(operation, json.schema, json.example)).map(([id, value]) => ({
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(named(operation, value, id)),
        }));
  return fc.oneof({ arbitrary: sent, weight: 12 }, { arbitrary: none, weight: 1 }, brokenBody);
}

/** A file of one of its kinds as the document begins it, some with a part of it gone or doubled. */
function fileOf(content: Readonly<Record<string, { readonly example?: unknown }>>): fc.Arbitrary<Body> {
  return fc
    .tuple(fc.constantFrom(...Object.entries(content)), fc.nat(100), fc.nat(100))
    .map(([[type, { example = 'PAR1' }], from, length]) => {
      const text = String(example);
      const body = from % 2 === 0 ? text : text.slice(0, from) + text.slice(Math.max(0, from - length));
      return { headers: { 'content-type': type }, body };
    });
}

/** Lines of which some are sound. */
function linesOf(operation: OpenApiOperation, schema: JsonSchema, example: string): fc.Arbitrary<Body> {
  const sound = bodyValue(operation, schema, JSON.parse(example)).map((line) => JSON.stringify(line));
  const line = fc.oneof({ arbitrary: sound, weight: 4 }, fc.constantFrom('', ' ', '{', '\u0000', '[]'));
  return fc.array(line, { maxLength: 4 }).map((all) => ({
    headers: { 'content-type': 'application/x-ndjson' },
    body: all.join('\n'),
  }));
}
