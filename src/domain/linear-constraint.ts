import { z } from 'zod';
import { formatTerms, parseRelation } from './expression.ts';
import { nameSchema } from './name.ts';
import { numberSchema } from './number.ts';
import { nameProblem, strictObject, textOr } from './schema.ts';

const structuredSchema = strictObject({
  coefficients: z.record(nameSchema, numberSchema),
  relation: z.enum(['<=', '>=', '==']),
  bound: numberSchema,
});

/** Σ coefficient · weight ⋛ bound, written as text (`"save + click == 0.5"`) or structured. */
export const linearConstraintSchema = textOr(parseLinearConstraint, structuredSchema, 'save + click == 0.5');

export type LinearConstraint = z.output<typeof structuredSchema>;

function parseLinearConstraint(text: string): LinearConstraint | string {
  const parsed = parseRelation(text);
  if (typeof parsed === 'string') return parsed;
  const names = [...parsed.left.coefficients.keys(), ...parsed.right.coefficients.keys()];
  const problem = nameProblem(nameSchema, names);
  if (problem !== undefined) return problem;
  const coefficients: Record<string, number> = Object.fromEntries(parsed.left.coefficients);
  for (const [name, coefficient] of parsed.right.coefficients) {
    coefficients[name] = (coefficients[name] ?? 0) - coefficient;
  }
  if (Object.keys(coefficients).length === 0) return `"${text}" names no weight`;
  return { coefficients, relation: parsed.relation, bound: parsed.right.constant - parsed.left.constant };
}

/** The constraint as a person would write it: `click - 2 * long_click <= 0`. */
export function formatLinearConstraint({ coefficients, relation, bound }: LinearConstraint): string {
  return `${formatTerms(coefficients) || '0'} ${relation} ${bound}`;
}
