import { z } from 'zod';
import { type LinearExpression, parseRelation } from './expression.ts';
import { metricNameSchema } from './metric.ts';
import { numberSchema } from './number.ts';
import { strictObject, textOr } from './schema.ts';

/**
 * The bound is `factor · baseline + offset`, with `baseline` the metric's value there.
 * An absolute bound has factor 0; `baseline − a` has factor 1 and offset −a.
 */
const structuredSchema = strictObject({
  metric: metricNameSchema,
  relation: z.enum(['>=', '<=']),
  factor: numberSchema,
  offset: numberSchema,
});

const FORMS =
  'METRIC >= c * baseline, METRIC <= c * baseline, METRIC >= baseline - a, METRIC <= baseline + a or METRIC >= x';

/** An outcome constraint, written as text (`"click.average_precision >= 0.98 * baseline"`) or structured. */
export const guardrailSchema = textOr(
  parseGuardrail,
  structuredSchema,
  'click.average_precision >= 0.98 * baseline',
).check((context) => {
  const { factor, offset } = context.value;
  if (factor < 0 || (factor !== 0 && factor !== 1 && offset !== 0)) {
    context.issues.push({
      code: 'custom',
      message: `"${formatGuardrail(context.value)}" has a bound of another form: expected ${FORMS}`,
      input: context.value,
    });
  }
});

export type Guardrail = z.output<typeof structuredSchema>;

function parseGuardrail(text: string): Guardrail | string {
  const parsed = parseRelation(text, ['<=', '>=']);
  if (typeof parsed === 'string') return parsed;
  const { left, relation, right } = parsed;
  const metric = loneName(left);
  if (relation === '==') throw new RangeError(`relation ${relation}`);
  const others = [...right.coefficients.keys()].filter((name) => name !== 'baseline');
  if (metric === undefined || others.length > 0) return `"${text}" is not understood: expected ${FORMS}`;
  return { metric, relation, factor: right.coefficients.get('baseline') ?? 0, offset: right.constant };
}

function loneName({ coefficients, constant }: LinearExpression): string | undefined {
  const [entry, ...others] = coefficients;
  return entry !== undefined && others.length === 0 && entry[1] === 1 && constant === 0
    ? entry[0]
    : undefined;
}

/** The guardrail as a person would write it. */
export function formatGuardrail({ metric, relation, factor, offset }: Guardrail): string {
  if (factor === 0) return `${metric} ${relation} ${offset}`;
  const scaled = factor === 1 ? 'baseline' : `${factor} * baseline`;
  const shift = offset === 0 ? '' : ` ${offset < 0 ? '-' : '+'} ${Math.abs(offset)}`;
  return `${metric} ${relation} ${scaled}${shift}`;
}

/** The bound is a multiple of the baseline, which says what was meant for a positive baseline only. */
export function isMultiplicative({ factor }: Guardrail): boolean {
  return factor !== 0 && factor !== 1;
}
