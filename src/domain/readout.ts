import { z } from 'zod';
import { armNameSchema } from './allocation.ts';
import { metricNameSchema } from './metric.ts';
import { numberSchema, wholeNumberSchema } from './number.ts';
import { strictObject } from './schema.ts';

/** All the people there are, ten times over; sums of their squares stay exact enough. */
const MOST_UNITS = 1e11;

/** Relative: what sums in double precision may be off by after as many additions. */
const ROUNDING = 1e-9;

/** All pairs of a hundred metrics. */
const MOST_CORRELATIONS = 4950;

const unitsSchema = wholeNumberSchema(1, MOST_UNITS);

/** A day (its beginning, UTC) or a moment, in ISO 8601. */
export const momentSchema = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'expected a day such as 2026-03-01 or a moment such as 2026-03-01T09:30:00Z',
});

/**
 * Milliseconds since 1970 of a day or moment.
 *
 * Throws RangeError where it is neither.
 */
export function instantOf(moment: string): number {
  if (!momentSchema.safeParse(moment).success) throw new RangeError(`moment ${moment}`);
  return Date.parse(moment);
}

/** A mean over units with its standard error; without `n`, over the arm's units. */
const meanSchema = strictObject({
  mean: numberSchema,
  sem: numberSchema.nonnegative(),
  n: unitsSchema.optional(),
});

/** (arm − control)/|control| with its standard error. The control's own is 0, with the standard error of its mean over |mean|. */
const liftSchema = strictObject({
  lift: numberSchema,
  sem: numberSchema.nonnegative(),
  n: unitsSchema.optional(),
});

/** Sums over units of the metric y, and of a covariate x from before the experiment: Σy, Σy², Σx, Σx², Σxy. */
const sumsSchema = strictObject({
  n: unitsSchema.min(2),
  sum: numberSchema,
  sumOfSquares: numberSchema.nonnegative(),
  covariate: strictObject({
    sum: numberSchema,
    sumOfSquares: numberSchema.nonnegative(),
    sumOfProducts: numberSchema,
  }).optional(),
});

/** What one arm's metric was measured to be, in one of three forms. */
export const measurementSchema = z
  .union([meanSchema, sumsSchema, liftSchema], {
    error: 'expected {mean, sem}, {lift, sem} or {n, sum, sumOfSquares}',
  })
  .check((context) => {
    const problem = 'sum' in context.value ? sumsProblem(context.value) : undefined;
    if (problem !== undefined) {
      context.issues.push({ code: 'custom', message: problem, input: context.value });
    }
  });

/** What a metric of an experiment is: the share of users with at least one, or the mean number per user. */
export const onlineMetricKindSchema = z.enum(['propensity', 'volume']);

/** One metric in every arm: the share of users with at least one, or the mean number per user. */
export const metricReadoutSchema = strictObject({
  kind: onlineMetricKindSchema,
  /** Its variance was reduced before it was read, by CUPED or the like. */
  adjusted: z.boolean().default(false),
  arms: z.record(armNameSchema, measurementSchema),
}).check((context) => {
  const forms = new Set(Object.values(context.value.arms).map(formOf));
  if (forms.size <= 1) return;
  context.issues.push({
    code: 'custom',
    message: `mixes ${[...forms].join(' and ')}: expected one form for all arms of a metric`,
    input: context.value,
    path: ['arms'],
  });
});

/** How two metrics go together over the users of an arm, alike in all arms. */
const correlationSchema = strictObject({
  metrics: z.tuple([metricNameSchema, metricNameSchema]),
  correlation: numberSchema.min(-1).max(1),
});

/** What an experiment measured so far: units assigned and metrics, by arm. */
export const readoutSchema = strictObject({
  window: strictObject({ start: momentSchema, end: momentSchema }),
  /** When the last unit of the window has had its time to engage; left out, at the window's end. */
  maturesAt: momentSchema.optional(),
  units: z.record(armNameSchema, wholeNumberSchema(0, MOST_UNITS)),
  metrics: z.record(metricNameSchema, metricReadoutSchema),
  /** Pairs of its metrics, each once; of a pair that is left out, errors are taken as apart. */
  correlations: z.array(correlationSchema).max(MOST_CORRELATIONS).optional(),
}).check((context) => {
  const { window, maturesAt, metrics, correlations = [] } = context.value;
  const add = (message: string, path: (string | number)[]): void => {
    context.issues.push({ code: 'custom', message, input: context.value, path });
  };
  if (!(Date.parse(window.start) < Date.parse(window.end))) {
    add(`is ${window.end}: expected a moment after the start, ${window.start}`, ['window', 'end']);
  } else if (maturesAt !== undefined && Date.parse(maturesAt) < Date.parse(window.end)) {
    add(`is ${maturesAt}: expected no moment before the window's end, ${window.end}`, ['maturesAt']);
  }
  const pairs = new Set<string>();
  correlations.forEach(({ metrics: pair }, i) => {
    const key = pair.toSorted().join(' ');
    const unknown = pair.find((metric) => !Object.hasOwn(metrics, metric));
    if (unknown !== undefined)
      add(`names ${unknown}: expected one of ${Object.keys(metrics).join(', ')}`, ['correlations', i]);
    else if (pair[0] === pair[1])
      add(`pairs ${pair[0]} with itself: expected two metrics`, ['correlations', i]);
    else if (pairs.has(key))
      add(`pairs ${pair.join(' and ')} again: expected each pair once`, ['correlations', i]);
    pairs.add(key);
  });
});

export type MetricCorrelation = z.output<typeof correlationSchema>;
export type Measurement = z.output<typeof measurementSchema>;
export type MeasuredSums = z.output<typeof sumsSchema>;
export type MetricReadout = z.output<typeof metricReadoutSchema>;
export type MetricKindOnline = MetricReadout['kind'];
export type Readout = z.output<typeof readoutSchema>;

/** The form of a measurement, as a person calls it. */
function formOf(measurement: Measurement): string {
  if ('mean' in measurement) return 'means';
  if ('lift' in measurement) return 'lifts';
  return measurement.covariate === undefined ? 'sums' : 'sums with a covariate';
}

/** What no numbers could have: Σy² < (Σy)²/n, or a correlation beyond 1. */
function sumsProblem({ n, sum, sumOfSquares, covariate }: z.output<typeof sumsSchema>): string | undefined {
  const impossible = (total: number, squares: number): boolean =>
    (total * total) / n > squares * (1 + ROUNDING);
  if (impossible(sum, sumOfSquares)) {
    return `has a sumOfSquares of ${sumOfSquares}: expected at least sum²/n = ${(sum * sum) / n}`;
  }
  if (covariate === undefined) return undefined;
  if (impossible(covariate.sum, covariate.sumOfSquares)) {
    return `has a covariate.sumOfSquares of ${covariate.sumOfSquares}: expected at least sum²/n = ${covariate.sum ** 2 / n}`;
  }
  const bound = Math.sqrt(sumOfSquares * covariate.sumOfSquares);
  if (Math.abs(covariate.sumOfProducts) > bound * (1 + ROUNDING)) {
    return `has a covariate.sumOfProducts of ${covariate.sumOfProducts}: expected at most √(Σx²·Σy²) = ${bound} in size`;
  }
  return undefined;
}
