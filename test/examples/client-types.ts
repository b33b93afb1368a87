import type { OpenApiDocument } from '../../src/server/openapi/document.ts';
import type { JsonSchema } from '../../src/server/openapi/json-schema.ts';
import type { OpenApiAnswer, OpenApiOperation } from '../../src/server/openapi/operation.ts';

const HEAD = `// Types of the REST interface but readouts:import, which takes files, made from its OpenAPI document: test/examples/print-client-types.ts makes this file anew.
`;

/** TypeScript for the schemas of a document, and for what each of its operations takes and answers. Not formatted. */
export function clientTypes({ paths, components }: OpenApiDocument): string {
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `${comment(schema)}export type ${name} = ${typeOf(schema)};\n`,
  );
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => !takesFiles(operation))
      .map(
        ([method, operation]) =>
          `/** ${operation.summary} */\n'${method.toUpperCase()} ${path}': ${operationType(operation, components.parameters)};`,
      ),
  );
  const table = `/** What each operation takes and answers. */\nexport interface Operations {\n${operations.join('\n')}\n}\n`;
  return [HEAD, ...schemas, table].join('\n');
}

/** Bytes under one of several media types, which a client streams: no value has their type. */
function takesFiles({ requestBody }: OpenApiOperation): boolean {
  return requestBody?.content['application/vnd.apache.parquet'] !== undefined;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

function operationType(
  { parameters, requestBody, responses }: OpenApiOperation,
  shared: OpenApiDocument['components']['parameters'],
): string {
  const all = parameters.map((each) => {
    const { $ref } = each as { readonly $ref?: string };
    return ($ref === undefined ? each : shared[$ref.split('/').at(-1) as keyof typeof shared]) as Parameter;
  });
  const members = (['path', 'query', 'header'] as const).flatMap((place) => {
    const found = all.filter((each) => each.in === place);
    if (found.length === 0) return [];
    const isNeeded = found.some(({ required }) => required);
    const types = found.map(
      ({ name, required, schema }) => `readonly '${name}'${required ? '' : '?'}: ${typeOf(schema)}`,
    );
    return [`readonly ${place}${isNeeded ? '' : '?'}: { ${types.join('; ')} }`];
  });
  const { 'application/json': json } = requestBody?.content ?? {};
  const body =
    requestBody &&
    `readonly body${requestBody.required ? '' : '?'}: ${json ? typeOf(json.schema) : 'string'}`;
  const [answer] = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, found]) => answerType(found as OpenApiAnswer));
  return `{ ${[...members, ...(body ? [body] : []), `readonly answer: ${answer}`].join('; ')} }`;
}

function answerType({ content }: OpenApiAnswer): string {
  if (content === undefined) return 'undefined';
  const { 'application/json': json } = content;
  return json === undefined ? 'string' : typeOf(json.schema);
}

function comment({ description }: JsonSchema): string {
  return description === undefined ? '' : `/** ${description} */\n`;
}

/** The TypeScript type of the values that a schema takes. */
export function typeOf(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1)!;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms !== undefined) return union(forms.map((form) => typeOf(form as JsonSchema)));
  const types: unknown = schema.type;
  if (Array.isArray(types)) return union(types.map((type) => typeOf({ ...schema, type } as JsonSchema)));
  switch (schema.type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'array': {
      const { items, prefixItems } = schema;
      if (prefixItems === undefined) return `readonly (${typeOf(items as JsonSchema)})[]`;
      return `readonly [${prefixItems.map((item) => typeOf(item as JsonSchema)).join(', ')}]`;
    }
    case 'object':
      return objectType(schema);
    case undefined:
  }
  return 'unknown';
}

function union(types: readonly string[]): string {
  return [...new Set(types)].map((type) => `(${type})`).join(' | ');
}

function objectType({ properties, required = [], additionalProperties }: JsonSchema): string {
  if (properties === undefined) {
    const value = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown';
    return additionalProperties === false ? 'Record<string, never>' : `Readonly<Record<string, ${value}>>`;
  }
  const members = Object.entries(properties).map(([name, part]) => {
    const isNeeded = required.includes(name);
    return `${comment(part as JsonSchema)}readonly ${name}${isNeeded ? '' : '?'}: ${typeOf(part as JsonSchema)};`;
  });
  return members.length === 0 ? 'Record<string, never>' : `{\n${members.join('\n')}\n}`;
}
