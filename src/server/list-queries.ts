import { z } from 'zod';
import { numberSchema, wholeNumberSchema } from '../domain/number.ts';
import { strictObject } from '../domain/schema.ts';
import { generatorSchema } from '../domain/trial.ts';
import { parseTrialOrder, type TrialOrder } from '../domain/trial-order.ts';
import { TRIAL_STATES } from '../domain/trial-state.ts';
import type { TrialPosition } from '../service/read-history.ts';
import { clientIdSchema } from './resources.ts';

const LARGEST_PAGE = 1000;
const LONGEST_TOKEN = 1000;

export const pageSizeSchema = z.preprocess(Number, wholeNumberSchema(1, LARGEST_PAGE)).prefault(100);

export const tokenSchema = z
  .string()
  .min(1)
  .max(LONGEST_TOKEN)
  .optional()
  .describe('`nextPageToken` of the page before, under the same order and filters.');

const filterShape = {
  state: z.enum(TRIAL_STATES).optional(),
  generator: generatorSchema.optional(),
  clientId: clientIdSchema.optional(),
};

const orderSchema = z.string().transform((text, context): TrialOrder => {
  const order = parseTrialOrder(text);
  if (typeof order !== 'string') return order;
  context.addIssue({ code: 'custom', message: order, input: text });
  return z.NEVER;
});

/** The query of `GET trials`. */
export const trialsQuerySchema = strictObject({
  pageSize: pageSizeSchema,
  pageToken: tokenSchema,
  order: orderSchema
    .prefault('number')
    .describe('`number` or `metrics.NAME`, with `-` in front the largest first.'),
  ...filterShape,
});

const numberPositionSchema = z.strictObject({ number: z.int().min(0) });
const valuePositionSchema = numberPositionSchema.extend({ value: numberSchema });

/** Where a page of trials ends, as it stands in a page token. */
export function trialPositionSchema({ by }: TrialOrder): z.ZodType<TrialPosition> {
  return by === 'number' ? numberPositionSchema : valuePositionSchema;
}

/** The query of `GET trials:export`. */
export const exportQuerySchema = strictObject({
  format: z.enum(['ndjson', 'csv']).default('ndjson'),
  ...filterShape,
});

/** The query of `GET studies`. */
export const studiesQuerySchema = strictObject({
  pageSize: pageSizeSchema,
  pageToken: tokenSchema,
  archived: z.enum(['true', 'false']).default('false'),
});
