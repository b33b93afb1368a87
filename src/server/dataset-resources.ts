import { z } from 'zod';
import { datasetColumnSchema, datasetNameSchema } from '../domain/dataset.ts';
import { strictObject } from '../domain/schema.ts';
import type { Dataset } from '../service/datasets.ts';
import { pageSizeSchema, tokenSchema } from './list-queries.ts';

/** The query of `GET datasets`. */
export const datasetsQuerySchema = strictObject({ pageSize: pageSizeSchema, pageToken: tokenSchema });

/** The answer of `GET datasets/{dataset}`: never where its files are. */
export const datasetResourceSchema = z.strictObject({
  id: datasetNameSchema,
  /** SHA-256 of the file's bytes; of several files, of their sums. */
  fingerprint: z.string(),
  bytes: z.int().min(0),
  rows: z.int().min(0),
  /** Requests by a column, as the first sweep has counted them; null before. */
  requests: z.strictObject({ column: z.string(), count: z.int().min(1) }).nullable(),
  columns: z.array(datasetColumnSchema).readonly(),
  createdAt: z.string(),
});

/** The answer of `GET datasets`. */
export const datasetsPageSchema = z.strictObject({
  datasets: z.array(datasetResourceSchema),
  nextPageToken: z.string().nullable(),
});

export function datasetResource({ name, ...rest }: Dataset): z.output<typeof datasetResourceSchema> {
  return { id: name, ...rest };
}
