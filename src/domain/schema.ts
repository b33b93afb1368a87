import { z } from 'zod';
import { closestName } from './closest-name.ts';
import { type ErrorCode, type ErrorPlace, inputError, pointerOf } from './errors.ts';
import { issueText } from './issue-text.ts';
import { prototypeKey } from './json-value.ts';

/** An object without other keys than these; an unknown key is told together with the known ones. */
export function strictObject<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown key "${issue.keys[0]}": expected one of ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

/** Schemas of values that are taken as text as well, which the schema itself cannot show. */
export const writtenAsText = z.registry<{ readonly example: string }>();

/** A value that is written as text, for example `example` (parsed by `parse`, which returns a complaint as a string) or structured. */
export function textOr<Schema extends z.ZodType>(
  parse: (text: string) => object | string,
  structured: Schema,
  example: string,
) {
  const schema = z.preprocess((input, context) => {
    if (input === undefined) {
      context.addIssue({ code: 'custom', message: 'is missing: expected text', input });
      return z.NEVER;
    }
    if (typeof input !== 'string') return input;
    const parsed = parse(input);
    if (typeof parsed !== 'string') return parsed;
    context.addIssue({ code: 'custom', message: parsed, input });
    return z.NEVER;
  }, structured);
  writtenAsText.add(schema as z.ZodType, { example });
  return schema;
}

/**
 * What is wrong with the first of the names in a text that is none; said before they become keys of a record, where one
 * that reaches its prototype would be dropped without a word.
 */
export function nameProblem(schema: z.ZodType, names: Iterable<string>): string | undefined {
  for (const name of names) {
    const known = schema.safeParse(name, { reportInput: true });
    if (known.success) continue;
    const { message } = known.error.issues[0]!;
    return message.startsWith('expected') ? `names "${name}": ${message}` : message;
  }
  return undefined;
}

/**
 * Parses a value from outside with its schema.
 *
 * Throws a `DomainError` with the first problem, unknown keys before all others, its JSON pointer, how many more there are,
 * and all of them as details.
 */
export function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  code: ErrorCode,
  place: ErrorPlace = {},
): z.output<Schema> {
  const key = prototypeKey(input);
  if (key !== undefined) {
    throw inputError(code, [{ pointer: key, detail: 'is a reserved key: expected another name' }], place);
  }
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  const issues = result.error.issues.flatMap(innermost).flatMap(keyByKey);
  // A key that is missing may be one that is misspelt: that one is told first.
  const problems = [...issues.filter(isUnknownKey), ...issues.filter((issue) => !isUnknownKey(issue))].map(
    (issue) => ({ pointer: pointerTo(issue, input), detail: issueText(issue) }),
  );
  throw inputError(code, problems, place);
}

type Issue = z.core.$ZodIssue;

/**
 * Of a value that may take several forms, what is wrong with the form that it has: the one whose keys it has, or the only
 * one of its type. Where that is not one form, the complaint of the whole.
 */
function innermost(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const ofItsType = issue.errors.filter((issues) =>
    issues.every((part) => part.path.length > 0 || part.code === 'unrecognized_keys' || isNumber(part)),
  );
  const withItsKeys = ofItsType.filter((issues) => issues.every(({ code }) => code !== 'unrecognized_keys'));
  const [form, ...others] = withItsKeys.length > 0 ? withItsKeys : ofItsType;
  if (form === undefined || others.length > 0) return [issue];
  return form.flatMap((part) => innermost({ ...part, path: [...issue.path, ...part.path] }));
}

/** An issue for each unknown key of one object, with the known key that may have been meant. */
function keyByKey(issue: Issue): readonly Issue[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  const known = issue.message.split(': expected one of ').at(-1)!.split(', ');
  return issue.keys.map((key) => ({
    ...issue,
    keys: [key],
    message: issue.message.replace(
      `unknown key "${issue.keys[0]}"`,
      () => `unknown key "${key}"${hint(key, known)}`,
    ),
  }));
}

function hint(key: string, known: readonly string[]): string {
  const closest = closestName(key, known);
  return closest === undefined ? '' : ` (did you mean ${closest}?)`;
}

function isUnknownKey({ code }: Issue): boolean {
  return code === 'unrecognized_keys';
}

/** A number, though not one that is taken. */
function isNumber(issue: Issue): boolean {
  return (issue.code === 'too_big' || issue.code === 'too_small') && issue.origin === 'number';
}

/** Where the problem lies in what was given: what is written as text is one value, whatever it is parsed to. */
function pointerTo(issue: Issue, input: unknown): string {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
  let value = input;
  let depth = 0;
  while (depth < path.length && typeof value === 'object' && value !== null) {
    value = (value as Readonly<Record<PropertyKey, unknown>>)[path[depth]!];
    depth++;
  }
  return pointerOf(path.slice(0, depth));
}
