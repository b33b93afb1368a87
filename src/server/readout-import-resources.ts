import { z } from 'zod';
import { forceReasonSchema, gateSchema } from '../domain/finding.ts';
import { momentSchema } from '../domain/readout.ts';
import { strictObject } from '../domain/schema.ts';
import type { ImportedFile, UploadedReadout } from '../service/import-readout-file.ts';
import { importedAnswer, readoutResourceSchema } from './experiment-resources.ts';

/** A parameter that may be repeated: once it is a text, more often a list of them. */
function list<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (given) => (typeof given === 'string' ? [given] : given),
    z.array(item).max(MOST_REPEATED),
  );
}

/** Metrics of a study. */
const MOST_REPEATED = 100;

/** Texts METRIC=COLUMN to a record. */
const pairsSchema = list(z.string()).transform((texts, context): Readonly<Record<string, string>> => {
  const pairs = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf('=');
    const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    const problem =
      at < 0 || name === '' || value === ''
        ? `is ${JSON.stringify(text.slice(0, 80))}: expected METRIC=COLUMN`
        : pairs.has(name) || name === '__proto__'
          ? `has ${JSON.stringify(name.slice(0, 80))} a second time: expected each metric once`
          : undefined;
    if (problem !== undefined) {
      context.addIssue({ code: 'custom', message: problem, input: texts });
      return z.NEVER;
    }
    pairs.set(name, value);
  }
  return Object.fromEntries(pairs);
});

const flagSchema = z.enum(['true', 'false']).default('false');

/** The query of `readouts:import`: the options of `pondera readout`. */
export const readoutImportQuerySchema = strictObject({
  arm: z.string().min(1).default('arm').describe('Of rows of users: the column of the arm.'),
  user: z
    .string()
    .min(1)
    .default('user_id')
    .describe('Of rows of users: the column of who the row is of. Rows of one user are summed.'),
  noUser: flagSchema.describe('Every row is another user; `user` is not looked at.'),
  metric: list(z.string())
    .optional()
    .describe('Read this metric alone; may be repeated. Left out, all of the study.'),
  column: pairsSchema
    .prefault([])
    .describe("METRIC=COLUMN: a metric's column, where it has another name; may be repeated."),
  covariate: pairsSchema
    .prefault([])
    .describe('METRIC=COLUMN: a column of the time before the experiment, for CUPED; may be repeated.'),
  emptyIsZero: flagSchema.describe('Empty numbers are taken for 0.'),
  adjusted: flagSchema.describe('Of rows of arms: their errors are of adjusted means (CUPED or the like).'),
  start: momentSchema.optional().describe('When users began to be assigned. Left out, as planned.'),
  end: momentSchema.optional().describe('Until when users were assigned. Left out, as planned.'),
  matures: momentSchema
    .optional()
    .describe('When the last users have had their time to engage. Left out, at the end.'),
  force: list(gateSchema)
    .prefault([])
    .describe(
      'Store it although this gate refuses it, which is recorded; may be repeated. `early_look` refuses nothing.',
    ),
  forceReason: forceReasonSchema.optional().describe('Why it is forced, which is recorded too.'),
});

/** How a query asks that a file be read. */
export function requestOfQuery({
  arm,
  user,
  noUser,
  metric,
  column: columns,
  covariate: covariates,
  emptyIsZero,
  adjusted,
  force,
  forceReason,
  ...times
}: z.output<typeof readoutImportQuerySchema>): Pick<
  UploadedReadout,
  'request' | 'times' | 'force' | 'forceReason'
> {
  return {
    request: {
      arm,
      unit: noUser === 'true' ? null : user,
      ...(metric !== undefined && { metrics: metric }),
      columns,
      covariates,
      nulls: emptyIsZero === 'true' ? 'zero' : 'refuse',
      adjusted: adjusted === 'true',
    },
    times,
    force,
    forceReason: forceReason ?? null,
  };
}

/** A readout that was read from a file, as the interface shows it. */
export const importedFileSchema = readoutResourceSchema.extend({
  read: z.strictObject({
    form: z.enum(['users', 'arms']).describe('Whether rows were of users, or of an arm and metric each.'),
    rows: z.int().min(1),
    users: z.number().min(0),
    zeros: z.int().min(0).describe('Empty numbers that were taken for 0.'),
    several: z
      .record(z.string(), z.int())
      .describe('By propensity: users that have more than one, who count once.'),
  }),
  remarks: z.array(z.string()).describe('What is to be known of how the file was read, in sentences.'),
});

/** As of a readout in JSON, with what the command line tells beside. */
export function importedFileAnswer(study: string, { read, remarks, ...imported }: ImportedFile) {
  const { body, ...answer } = importedAnswer(study, imported);
  const { units } = read.readout;
  const users = Object.values(units).reduce((sum, count) => sum + count, 0);
  const { rows, zeros, several } = countsOf(read);
  return { ...answer, body: { ...body, read: { form: read.form, rows, users, zeros, several }, remarks } };
}

function countsOf(read: ImportedFile['read']) {
  switch (read.form) {
    case 'users':
      return read.readout;
    case 'arms':
      return { rows: read.rows, zeros: 0, several: {} };
    case 'json':
      throw new RangeError('a body that is JSON');
  }
}
