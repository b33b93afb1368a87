import { z } from 'zod';

const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor', 'baseline']);

/** The name of a head or a weight: a word that can stand in a constraint string. */
export const nameSchema = z
  .string()
  .max(64)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected a name of letters, digits and _ (not starting with a digit)')
  .refine((name) => !RESERVED.has(name), { error: (issue) => `"${String(issue.input)}" is a reserved word` });

/** The name of a study, which is also its identifier in the REST interface. */
export const studyNameSchema = z
  .string()
  .max(64)
  .regex(/^[a-z0-9][a-z0-9_-]*$/, 'expected lower-case letters, digits, - and _ (for example newsfeed-2026)');
