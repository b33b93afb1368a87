import { z } from 'zod';
import { datasetNameSchema } from './dataset.ts';
import { strictObject } from './schema.ts';

const columnSchema = z.string().min(1).max(256);

/** Gains of 2^grade − 1 stay exact. */
const HIGHEST_GRADE = 30;

const LONGEST_CURVE = 1000;

const FEWEST_BINS = 16;
const MOST_BINS = 65_536;

/** One engagement head: its columns in the log, and how its score becomes a probability. */
export const headSchema = strictObject({
  score: columnSchema,
  label: columnSchema,
  /** Labels are grades from 0 to this, positive from 1 on. Left out, they are 0 and 1. */
  maxGrade: z.int().min(1).max(HIGHEST_GRADE).optional(),
  /** β: the share of negatives that training kept; 1 when none were dropped. */
  negativeKeepRate: z.number().gt(0).max(1).default(1),
  /**
   * How a score becomes a probability: `none` leaves it, `beta` undoes the downsampling of negatives, `isotonic` fits a monotone
   * function to the labels of the log. Left out, `beta`, which leaves a score alone where none were dropped.
   */
  calibration: z.enum(['none', 'beta', 'isotonic']).optional(),
  /** −1 for an engagement that is bad, such as hide: its term is subtracted from the utility. */
  sign: z.literal([1, -1], { error: 'expected 1 or -1' }).default(1),
});

const pathSchema = z.string().min(1).max(4096);

const MOST_PATHS = 1000;

export const logShape = strictObject({
  /** Parquet, CSV or NDJSON files, the latter two also .gz and .zst: names or patterns, relative to the study file. */
  path: z
    .union([pathSchema, z.array(pathSchema).min(1).max(MOST_PATHS)], {
      error: 'expected a file, a pattern such as log/*.parquet, or a list of them',
    })
    .optional(),
  /** Instead of `path`, the name of a registered dataset, which the service sweeps on. */
  dataset: datasetNameSchema.optional(),
  /** The column that says which impressions were ranked together. */
  request: columnSchema,
  /** The column of row weights, such as 1 over the rate at which the log was sampled. Left out, every row weighs 1. */
  weight: columnSchema.optional(),
  /** The column whose values are the segments that a metric can be restricted to. */
  segment: columnSchema.optional(),
  /** The column with the probability that the impression was examined where it was shown. */
  examination: columnSchema.optional(),
  /** The column that says who was shown the impressions of a request: one user a request. */
  user: columnSchema.optional(),
  /** The column with the time: a number, of which the larger is the later, a date, or a text in the form of ISO 8601. */
  timestamp: columnSchema.optional(),
  /** The column with the place at which the impression was shown, from 1. */
  position: columnSchema.optional(),
  /** The column with the probability that production showed the impression where it did. */
  displayPropensity: columnSchema.optional(),
  /** P(examined | place), from place 1: what `expected_engagement@K{examination=curve}` counts with. */
  examinationCurve: z.array(z.number().min(0).max(1)).min(1).max(LONGEST_CURVE).optional(),
  /**
   * `rows` reads the log into memory and measures exactly; `histogram` leaves it in its files, scans them for each trial, and
   * bounds pooled metrics. Left out, histogram where the rows would take more memory than they may.
   */
  form: z.enum(['rows', 'histogram'], { error: 'expected rows or histogram' }).optional(),
  /** Bins of utility of the histogram form; left out, 4096. */
  bins: z.int().min(FEWEST_BINS).max(MOST_BINS).optional(),
  /** What an impression without a score does: refuse the log, or leave the impression out, counted. */
  nullScores: z.enum(['refuse', 'drop']).default('refuse'),
});

/** Where the logged engagement is, and how to read it. */
export const logSchema = logShape.check(({ value, issues }) => {
  const { path, dataset } = value;
  if ((path === undefined) !== (dataset === undefined)) return;
  const both = path !== undefined;
  issues.push({
    code: 'custom',
    path: [both ? 'dataset' : 'path'],
    message: both
      ? 'stands beside path: expected one of the two'
      : 'is missing: expected a file, a pattern such as log/*.parquet, or a list of them; or dataset: NAME, for the service',
    input: value,
  });
});

export type Head = z.output<typeof headSchema>;
export type LogSource = z.output<typeof logSchema>;
