import { z } from 'zod';
import { DomainError, type ErrorCode, type ErrorPlace } from './errors.ts';

/** An object without other keys than these; an unknown key is told together with the known ones. */
export function strictObject<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown key "${issue.keys[0]}": expected one of ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

/** A value that is written as text (parsed by `parse`, which returns a complaint as a string) or structured. */
export function textOr<Schema extends z.ZodType>(
  parse: (text: string) => object | string,
  structured: Schema,
) {
  return z.preprocess((input, context) => {
    if (input === undefined) {
      context.addIssue({ code: 'custom', message: 'is missing', input });
      return z.NEVER;
    }
    if (typeof input !== 'string') return input;
    const parsed = parse(input);
    if (typeof parsed !== 'string') return parsed;
    context.addIssue({ code: 'custom', message: parsed, input });
    return z.NEVER;
  }, structured);
}

/**
 * Parses a value from outside with its schema.
 *
 * Throws a `DomainError` with the first problem, its JSON pointer, and how many more there are.
 */
export function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  code: ErrorCode,
  place: ErrorPlace = {},
): z.output<Schema> {
  const key = prototypeKey(input);
  if (key !== undefined) {
    throw new DomainError(code, 'is a reserved key: expected another name', { ...place, pointer: key });
  }
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [first, ...others] = result.error.issues;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new DomainError(code, `${issueText(first!)}${more}`, { ...place, pointer: pointerTo(first!) });
}

function issueText(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  const text = issue.message.replace(/^(Invalid input|Too small|Too big): /, '');
  return issue.code === 'invalid_type' && text.endsWith('received undefined')
    ? `is missing: ${text.replace(/, received undefined$/, '')}`
    : text;
}

function pointerTo(issue: z.core.$ZodIssue): string {
  const keys = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
  return keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The pointer of a key that would reach an object's prototype; schemas would drop it without a word. */
function prototypeKey(input: unknown, pointer = ''): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  for (const [key, value] of Object.entries(input)) {
    const here = `${pointer}/${key}`;
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') return here;
    const below = prototypeKey(value, here);
    if (below !== undefined) return below;
  }
  return undefined;
}
