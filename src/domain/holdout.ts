import { z } from 'zod';
import { LARGEST_SHARE, SMALLEST_SHARE } from './holdout-share.ts';
import { strictObject } from './schema.ts';

/** The part of a log that no trial sees, on which the result is scored again. */
export const holdoutSchema = strictObject({
  share: z.number().min(SMALLEST_SHARE).max(LARGEST_SHARE),
  /** What is held out whole: users or requests drawn by the seed, or the last requests. Left out: users where the log has them. */
  by: z.enum(['user', 'request', 'time']).optional(),
});

export type Holdout = z.output<typeof holdoutSchema>;
