import { z } from 'zod';
import { writtenAsText } from '../../domain/schema.ts';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Whether a schema is shown as what a client may send, or as what it is sent. */
export type Side = 'input' | 'output';

/** The JSON Schemas of one document: those with a name stand once, under `components`, and are referred to. */
export interface SchemaCollection {
  readonly components: Readonly<Record<string, JsonSchema>>;
  /**
   * The schema in JSON Schema (draft 2020-12). Of answers, objects may have further members: new ones come without a new version.
   *
   * Throws RangeError where another schema has the same name.
   */
  schemaOf(schema: z.ZodType, side: Side): JsonSchema;
}

export function collectSchemas(): SchemaCollection {
  const components: Record<string, JsonSchema> = {};
  const known = { input: new Map<z.ZodType, JsonSchema>(), output: new Map<z.ZodType, JsonSchema>() };
  return {
    components,
    schemaOf(schema, side) {
      const shown = known[side].get(schema);
      if (shown !== undefined) return shown;
      // As a part of something else, a schema that has a name becomes a reference like any other.
      const whole = z.toJSONSchema(z.object({ part: schema }), {
        io: side,
        override: ({ zodSchema, jsonSchema }) => {
          delete jsonSchema.readOnly;
          delete jsonSchema['id'];
          if (side === 'input') showText(zodSchema, jsonSchema);
          else if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        },
      });
      const { properties, $defs = {} } = withReferences(whole);
      for (const [name, part] of Object.entries($defs)) {
        const other = components[name];
        if (other !== undefined && JSON.stringify(other) !== JSON.stringify(part)) {
          throw new RangeError(`two schemas have the name ${name}`);
        }
        components[name] = part;
      }
      const made = properties!['part'] as JsonSchema;
      known[side].set(schema, made);
      return made;
    },
  };
}

/** What is taken as text as well says so. */
function showText(schema: z.core.$ZodType, shown: JsonSchema): void {
  const text = writtenAsText.get(schema as z.ZodType);
  if (text === undefined || shown.anyOf !== undefined) return;
  const structured = { ...shown };
  for (const key of Object.keys(shown)) delete shown[key];
  shown.anyOf = [{ type: 'string', examples: [text.example] }, structured];
}

function withReferences(schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(text) as JsonSchema;
}
