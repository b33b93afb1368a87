import { z } from 'zod';
import { studyNameSchema } from './name.ts';

/** The name of a dataset, which is also its identifier in the REST interface. */
export const datasetNameSchema = studyNameSchema;

/** A column of a dataset's files, with the type that DuckDB gives it: text in CSV and NDJSON. */
export const datasetColumnSchema = z.strictObject({ name: z.string(), type: z.string() });

export type DatasetColumn = z.output<typeof datasetColumnSchema>;

/** A log that the operator has registered, without where it lies. */
export interface Dataset {
  readonly name: string;
  /** SHA-256 as of a sweep's log. */
  readonly fingerprint: string;
  readonly bytes: number;
  readonly rows: number;
  /** As the first sweep that read it has counted them; null before. */
  readonly requests: { readonly column: string; readonly count: number } | null;
  readonly columns: readonly DatasetColumn[];
  readonly createdAt: string;
}
