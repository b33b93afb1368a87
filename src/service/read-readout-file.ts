import { readFile, stat } from 'node:fs/promises';
import { DomainError } from '../domain/errors.ts';
import { checkDepth } from '../domain/json-value.ts';
import { type MetricKindOnline, type Readout, readoutSchema } from '../domain/readout.ts';
import { parseWith } from '../domain/schema.ts';
import { isOfArms } from '../evaluator/readouts/arm-rows.ts';
import { readArmReadout } from '../evaluator/readouts/read-arm-readout.ts';
import type { DuckDbBounds } from '../evaluator/log/with-duckdb.ts';
import { checkCovariatesAsked, checkFormAsked, checkMetricsAsked } from './check-columns-asked.ts';
import { readUserReadout, type UserReadout } from '../evaluator/readouts/read-user-readout.ts';

/** What an experiment expects of its readout. */
export interface ExpectedReadout {
  /** Left out, any. */
  readonly arms?: readonly string[];
  readonly kinds: Readonly<Record<string, MetricKindOnline>>;
}

/** Which file to read, and how. */
export interface ReadoutFileRequest {
  readonly path: string;
  /** Of rows of users: the columns of the arm and of who the row is of; null where each row is a user. */
  readonly arm: string;
  readonly unit: string | null;
  /** Metrics to read; left out, all that the experiment has. */
  readonly metrics?: readonly string[];
  /** Columns by metric; a metric that is left out has a column of its own name. */
  readonly columns: Readonly<Record<string, string>>;
  readonly covariates: Readonly<Record<string, string>>;
  readonly nulls: 'refuse' | 'zero';
  /** Of rows of arms: whether variances were reduced before. */
  readonly adjusted: boolean;
  readonly httpfs?: string | undefined;
  /** What reading may take. */
  readonly bounds?: DuckDbBounds | undefined;
}

/** What a file says: sums of users, rows of arms, or a whole readout with its times. */
export type ReadoutFile =
  | { readonly form: 'users'; readonly readout: UserReadout }
  | { readonly form: 'arms'; readonly rows: number; readonly readout: Pick<Readout, 'units' | 'metrics'> }
  | { readonly form: 'json'; readonly readout: Readout };

const LARGEST_JSON = 10 * 1024 * 1024;

/**
 * Reads the readout of an experiment: a JSON document as REST takes it (.json), rows of one an arm and metric (columns `metric` and
 * `mean`, `lift` or `sum`), or else rows of users.
 *
 * Throws `readout_invalid`, in one line that names the file, also for a covariate that is the column of a metric and for options that have no
 * effect on such a file (`checkCovariatesAsked`, `checkFormAsked`), and `experiment_invalid` for a metric that the study does not have.
 */
export async function readReadoutFile(
  request: ReadoutFileRequest,
  { arms, kinds }: ExpectedReadout,
): Promise<ReadoutFile> {
  const { path, httpfs, bounds, adjusted, metrics = Object.keys(kinds) } = request;
  checkMetricsAsked(request, kinds);
  checkCovariatesAsked(request, kinds, { file: path });
  const asked = ofMetrics(request);
  if (path.endsWith('.json')) {
    checkFormAsked(request, 'json');
    return { form: 'json', readout: asked(await readJson(path)) };
  }
  if (await isOfArms(path, { httpfs, bounds })) {
    checkFormAsked(request, 'arms');
    const readout = await readArmReadout({ path, kinds, arms, adjusted, httpfs, bounds });
    // Each row is another arm and metric.
    const measured = Object.values(readout.metrics).map((metric) => Object.keys(metric.arms).length);
    return { form: 'arms', rows: measured.reduce((sum, count) => sum + count, 0), readout: asked(readout) };
  }
  checkFormAsked(request, 'users');
  const { arm, unit, columns, covariates, nulls } = request;
  const readout = await readUserReadout({
    path,
    arm,
    unit: unit ?? undefined,
    arms,
    nulls,
    httpfs,
    bounds,
    metrics: Object.fromEntries(
      metrics.map((metric) => [
        metric,
        { kind: kinds[metric]!, column: columns[metric] ?? metric, covariate: covariates[metric] },
      ]),
    ),
  });
  return { form: 'users', readout };
}

/** A readout of the metrics that are asked for alone. Throws `readout_invalid` where one of them is not in it. */
function ofMetrics({ path, metrics: names }: ReadoutFileRequest) {
  return <Any extends Pick<Readout, 'metrics' | 'correlations'>>(readout: Any): Any => {
    if (names === undefined) return readout;
    const known = Object.keys(readout.metrics);
    const missing = names.find((name) => !known.includes(name));
    if (missing !== undefined) {
      const message = `has no metric "${missing}": expected one of ${known.join(', ')}`;
      throw new DomainError('readout_invalid', message, { file: path });
    }
    const correlations = readout.correlations?.filter(({ metrics }) =>
      metrics.every((name) => names.includes(name)),
    );
    return {
      ...readout,
      metrics: Object.fromEntries(names.map((name) => [name, readout.metrics[name]!])),
      ...(correlations !== undefined && { correlations }),
    };
  };
}

async function readJson(file: string): Promise<Readout> {
  const invalid = (message: string): DomainError => new DomainError('readout_invalid', message, { file });
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > LARGEST_JSON) throw invalid(`has ${size} bytes: expected a readout of at most 10 MiB`);
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw invalid('no such file: expected the readout');
    throw invalid(`cannot be opened (${code}): expected a readable readout`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('is not JSON: expected a readout');
  }
  checkDepth(value, 'readout_invalid', { file });
  return parseWith(readoutSchema, value, 'readout_invalid', { file });
}
