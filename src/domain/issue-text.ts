import type { z } from 'zod';

/** The schema's types in a person's words. */
const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** Longer values are cut in messages. */
const LONGEST_SHOWN = 60;

/** What a schema found wrong, as "is FOUND: expected …"; a message that is a sentence of its own stays as it is. */
export function issueText(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  const text = issue.message
    .replace(/^(Invalid (input|option)|Too small|Too big): /, '')
    .replace(/, received \w+$/, '')
    .replace(/^expected number to be (\D+)(.+)$/, 'expected a number $1 $2')
    .replace(/^expected (\w+)$/, (_, type: string) => `expected ${TYPES[type] ?? type}`)
    .replace(/^expected a number$/, isNotFinite(issue.input) ? 'expected a finite number' : '$&')
    .replace(/^expected one of "(.+)"$/, (_, options: string) => `expected ${listed(options.split('"|"'))}`);
  if (!text.startsWith('expected ')) return text;
  return `${issue.input === undefined ? 'is missing' : `is ${shown(issue.input)}`}: ${text}`;
}

function isNotFinite(input: unknown): boolean {
  return typeof input === 'number' && !Number.isFinite(input);
}

function listed(options: readonly string[]): string {
  return `${options.slice(0, -1).join(', ')} or ${options.at(-1)}`;
}

function shown(input: unknown): string {
  const text = typeof input === 'number' ? String(input) : (JSON.stringify(input) ?? typeof input);
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`;
}
