import * as fc from 'fast-check';
import type { JsonSchema } from '../../../src/server/openapi/json-schema.ts';
import { DOCUMENT } from './conformance.ts';

/** Deeper than this, what may be left out is. */
const DEEPEST = 6;

/** Values that a schema of the document takes, small ones and those at its bounds among them. */
export function valuesOf(schema: JsonSchema, depth = 0): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1)!;
    return valuesOf(DOCUMENT.components.schemas[name]!, depth);
  }
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms !== undefined) return fc.oneof(...forms.map((form) => valuesOf(form as JsonSchema, depth)));
  const types: unknown = schema.type;
  if (Array.isArray(types)) {
    return fc.oneof(...types.map((type) => valuesOf({ ...schema, type } as JsonSchema, depth)));
  }
  switch (schema.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return integersOf(schema);
    case 'number':
      return numbersOf(schema);
    case 'string':
      return textsOf(schema);
    case 'array':
      return arraysOf(schema, depth);
    case 'object':
      return objectsOf(schema, depth);
    case undefined:
  }
  return fc.jsonValue({ maxDepth: 2 });
}

function integersOf({ minimum = -1000, maximum = 1000 }: JsonSchema): fc.Arbitrary<number> {
  const near = fc.integer({ min: minimum, max: Math.min(maximum, minimum + 5) });
  return fc.oneof({ arbitrary: near, weight: 4 }, { arbitrary: fc.constant(maximum), weight: 1 });
}

function numbersOf(schema: JsonSchema): fc.Arbitrary<number> {
  const [above, below] = [numberOr(schema.exclusiveMinimum), numberOr(schema.exclusiveMaximum)];
  const min = schema.minimum ?? above ?? -1e100;
  const max = schema.maximum ?? below ?? 1e100;
  const isTaken = (value: number): boolean =>
    value >= min && value <= max && value !== above && value !== below;
  const usual = [0, 0.25, 0.5, 0.75, 1, -1, 2].filter(isTaken);
  const any = fc.double({ min, max, noNaN: true, noDefaultInfinity: true }).filter(isTaken);
  return usual.length === 0 ? any : fc.oneof({ arbitrary: fc.constantFrom(...usual), weight: 3 }, any);
}

/** OpenAPI 3.0 had a boolean here. */
function numberOr(bound: number | boolean | undefined): number | undefined {
  return typeof bound === 'number' ? bound : undefined;
}

/** Those that stand as examples, else those that match. Unicode properties, which fast-check does not know, are letters here. */
function textsOf({ pattern, examples, minLength = 0, maxLength = 40 }: JsonSchema): fc.Arbitrary<string> {
  if (pattern === undefined) {
    const any = fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 40) });
    return examples === undefined
      ? any
      : fc.oneof({ arbitrary: fc.constantFrom(...(examples as string[])), weight: 2 }, any);
  }
  return matching(pattern).filter((text) => text.length <= maxLength);
}

/** Few patterns stand in many places, and an arbitrary takes long to make. */
const byPattern = new Map<string, fc.Arbitrary<string>>();

function matching(pattern: string): fc.Arbitrary<string> {
  const known = byPattern.get(pattern);
  if (known !== undefined) return known;
  const plain = new RegExp(pattern.replaceAll(/\\p\{[LN]\}/g, 'a-z'));
  const made = fc.stringMatching(plain, { size: 'xsmall' });
  byPattern.set(pattern, made);
  return made;
}

function arraysOf(
  { items, prefixItems, minItems = 0, maxItems = 3 }: JsonSchema,
  depth: number,
): fc.Arbitrary<unknown[]> {
  if (prefixItems !== undefined) {
    return fc.tuple(...prefixItems.map((item) => valuesOf(item as JsonSchema, depth + 1)));
  }
  const maxLength = depth > DEEPEST ? minItems : Math.min(maxItems, minItems + 2);
  return fc.array(valuesOf(items as JsonSchema, depth + 1), { minLength: minItems, maxLength });
}

/** A key that a literal would take for its prototype. */
function isNoPrototype(name: string): boolean {
  return name !== '__proto__';
}

function objectsOf(schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], propertyNames, additionalProperties } = schema;
  if (typeof additionalProperties === 'object') {
    const names = propertyNames === undefined ? fc.string() : valuesOf(propertyNames as JsonSchema, depth);
    return fc.dictionary(
      (names as fc.Arbitrary<string>).filter(isNoPrototype),
      valuesOf(additionalProperties as JsonSchema, depth + 1),
      { maxKeys: 3 },
    );
  }
  const parts = Object.entries(properties).map(
    ([name, part]) => [name, valuesOf(part as JsonSchema, depth + 1)] as const,
  );
  return fc.record(Object.fromEntries(parts), { requiredKeys: [...required] });
}
