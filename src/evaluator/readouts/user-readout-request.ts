import type { MetricKindOnline } from '../../domain/readout.ts';
import type { DuckDbBounds } from '../log/with-duckdb.ts';

/** Where a metric stands in the rows of users. */
export interface UserMetric {
  readonly kind: MetricKindOnline;
  readonly column: string;
  /** What the metric is adjusted by, of the time before the experiment; its column. */
  readonly covariate?: string | undefined;
}

/** Which file of per-user rows to read, by which columns. */
export interface UserReadoutRequest {
  /** Files and patterns, as `findLogFiles` takes them. */
  readonly path: string | readonly string[];
  readonly arm: string;
  /** Who a row is of; the rows of one are summed. Left out, each row is a unit of its own. */
  readonly unit?: string | undefined;
  readonly metrics: Readonly<Record<string, UserMetric>>;
  /** The arms that there may be; left out, whatever the file names. */
  readonly arms?: readonly string[] | undefined;
  /** What an empty value is: a mistake, or nothing counted. */
  readonly nulls: 'refuse' | 'zero';
  /** The file of DuckDB's extension that s3:// paths take. */
  readonly httpfs?: string | undefined;
  /** What reading may take. */
  readonly bounds?: DuckDbBounds | undefined;
}
