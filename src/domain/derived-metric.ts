import { z } from 'zod';
import { formatTerms, parseExpression } from './expression.ts';
import { metricNameSchema } from './metric.ts';
import { numberSchema } from './number.ts';
import { nameProblem, strictObject, textOr } from './schema.ts';
import type { Bounds, Observation, Observations } from './trial.ts';

export const MOST_DERIVED_METRICS = 20;
const MOST_TERMS = 20;

/** Between these a coefficient's square, times that of a metric, neither overflows nor is lost. */
const SMALLEST_COEFFICIENT = 1e-20;
const LARGEST_COEFFICIENT = 1e20;

const structuredSchema = strictObject({
  coefficients: z.record(metricNameSchema, numberSchema),
  constant: numberSchema.default(0),
});

/** Σ coefficient · metric + constant, written as text (`"revenue - 2 * cost"`) or structured. */
export const derivedMetricSchema = textOr(
  (text) => {
    const parsed = parseExpression(text);
    if (typeof parsed === 'string') return parsed;
    const problem = nameProblem(metricNameSchema, parsed.coefficients.keys());
    if (problem !== undefined) return problem;
    return { coefficients: Object.fromEntries(parsed.coefficients), constant: parsed.constant };
  },
  structuredSchema,
  'revenue - 2 * cost',
).check((context) => {
  const message = complaint(context.value);
  if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value });
});

export type DerivedMetric = z.output<typeof structuredSchema>;

function complaint({ coefficients }: DerivedMetric): string | undefined {
  const given = Object.entries(coefficients);
  if (given.length > MOST_TERMS) return `has ${given.length} terms: expected at most ${MOST_TERMS}`;
  if (given.every(([, coefficient]) => coefficient === 0))
    return 'is the same whatever the metrics are: expected a metric with a coefficient that is not 0';
  for (const [metric, coefficient] of given) {
    const size = Math.abs(coefficient);
    if (coefficient !== 0 && !(size >= SMALLEST_COEFFICIENT && size <= LARGEST_COEFFICIENT))
      return `multiplies ${metric} by ${coefficient}: expected 0, or a size from ${SMALLEST_COEFFICIENT} to ${LARGEST_COEFFICIENT.toExponential()}`;
  }
  return undefined;
}

/** A metric as a combination of measured ones, its parts. */
export interface MetricTerms {
  readonly terms: readonly { readonly part: string; readonly coefficient: number }[];
  readonly constant: number;
}

/** The derived metrics of a study by name. */
interface Deriving {
  readonly derived?: Readonly<Record<string, DerivedMetric>> | undefined;
}

/** The terms of a derived metric that count; a metric that is measured has one, itself. */
export function termsOf({ derived = {} }: Deriving, metric: string): MetricTerms {
  if (!Object.hasOwn(derived, metric)) return { terms: [{ part: metric, coefficient: 1 }], constant: 0 };
  const { coefficients, constant } = derived[metric]!;
  const terms = Object.entries(coefficients).filter(([, coefficient]) => coefficient !== 0);
  return { terms: terms.map(([part, coefficient]) => ({ part, coefficient })), constant };
}

export function isDerived({ derived = {} }: Deriving, metric: string): boolean {
  return Object.hasOwn(derived, metric);
}

/** The measured metrics that a metric is made of: of one that is measured, itself. */
export function partsOf(study: Deriving, metric: string): readonly string[] {
  return termsOf(study, metric).terms.map(({ part }) => part);
}

/**
 * What a metric was observed to be, derived or not; undefined where a part was not.
 *
 * mean = Σ a_k y_k + c, sem = √Σ a_k² sem_k² where all are known, else null: the metrics' errors are taken to be independent.
 * A log, where they are not, brings the standard errors of a derived metric under its own name. Bounds are what the parts' allow.
 */
export function observationOf(
  study: Deriving,
  observations: Readonly<Observations>,
  metric: string,
): Observation | undefined {
  if (!isDerived(study, metric)) return observations[metric];
  const { terms, constant } = termsOf(study, metric);
  let mean = constant;
  let variance: number | null = 0;
  let bounds: Bounds | undefined;
  for (const { part, coefficient } of terms) {
    const observed = observations[part];
    if (observed === undefined) return undefined;
    mean += coefficient * observed.mean;
    if (observed.bounds !== undefined) {
      bounds = addBounds(bounds ?? { lower: constant, upper: constant }, observed.bounds, coefficient);
    }
    variance =
      variance === null || observed.sem === null ? null : variance + (coefficient * observed.sem) ** 2;
  }
  const measured = observations[metric];
  if (measured !== undefined) return { ...measured, mean };
  const sem = variance === null ? null : Math.sqrt(variance);
  return bounds === undefined ? { mean, sem } : { mean, sem, bounds };
}

function addBounds({ lower, upper }: Bounds, added: Bounds, coefficient: number): Bounds {
  const ends = [coefficient * added.lower, coefficient * added.upper];
  return { lower: lower + Math.min(...ends), upper: upper + Math.max(...ends) };
}

/** What was observed, and every derived metric whose parts were. */
export function withDerived(study: Deriving, observations: Readonly<Observations>): Observations {
  const derived = Object.keys(study.derived ?? {}).flatMap((metric) => {
    const observed = observationOf(study, observations, metric);
    return observed === undefined ? [] : [[metric, observed] as const];
  });
  return { ...observations, ...Object.fromEntries(derived) };
}

/** The derived metric as a person would write it: `2 * save.average_precision - cost + 1`. */
export function formatDerivedMetric({ coefficients, constant }: DerivedMetric): string {
  const shift = constant === 0 ? '' : ` ${constant < 0 ? '-' : '+'} ${Math.abs(constant)}`;
  return `${formatTerms(coefficients)}${shift}`;
}
