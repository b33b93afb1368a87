import { armNameSchema } from '../../domain/allocation.ts';
import { DomainError } from '../../domain/errors.ts';
import { metricNameSchema } from '../../domain/metric.ts';
import {
  type Measurement,
  measurementSchema,
  type MetricKindOnline,
  metricReadoutSchema,
  type Readout,
} from '../../domain/readout.ts';
import { parseWith } from '../../domain/schema.ts';
import type { DuckDbBounds } from '../log/with-duckdb.ts';
import { type ArmRow, readArmRows } from './arm-rows.ts';

/** Which file of one row an arm and metric to read. */
export interface ArmReadoutRequest {
  readonly path: string;
  /** The metrics that there may be, with their kinds; left out, what the file names, with a column `kind`. */
  readonly kinds?: Readonly<Record<string, MetricKindOnline>> | undefined;
  readonly arms?: readonly string[] | undefined;
  /** Whether variances were reduced before, by CUPED or the like. */
  readonly adjusted: boolean;
  readonly httpfs?: string | undefined;
  readonly bounds?: DuckDbBounds | undefined;
}

/**
 * Reads rows of arms and metrics, in one of the forms of a measurement.
 *
 * Columns: arm, metric, then mean and sem, or lift and sem, or sum and sum_of_squares (with covariate_sum,
 * covariate_sum_of_squares and covariate_sum_of_products, or without); n, which sums need; units of the arm, where that is not its
 * metrics' n; kind. Further columns are left alone.
 *
 * Throws `readout_invalid`, in one line, for a file that is broken, a column or value that is not there or not what it should
 * be, an unknown arm or metric, a row that is there twice, or arms whose units are not known.
 */
export async function readArmReadout(
  request: ArmReadoutRequest,
): Promise<Pick<Readout, 'units' | 'metrics'>> {
  const rows = await readArmRows(request.path, request);
  const metrics = new Map<string, Map<string, Measurement>>();
  const kinds = new Map<string, MetricKindOnline>();
  const units = new Map<string, number>();
  for (const row of rows) {
    const { arm, metric } = checkedNames(row, request);
    const kind = kindOf(row, metric, request);
    const known = kinds.get(metric);
    if (known !== undefined && known !== kind)
      throw row.error(`is a ${kind} and before a ${known}: expected one kind`);
    kinds.set(metric, kind);
    const arms = metrics.get(metric) ?? new Map<string, Measurement>();
    if (arms.has(arm)) throw row.error(`has ${metric} of ${arm} a second time: expected each once`);
    const measurement = measurementOf(row);
    metrics.set(metric, arms.set(arm, measurement));
    noteUnits(units, arm, row.whole('units') ?? measurement.n, row);
  }
  const all = new Set([...metrics.values()].flatMap((arms) => [...arms.keys()]));
  const ordered = [...(request.arms ?? []), ...all].filter(
    (arm, i, names) => all.has(arm) && names.indexOf(arm) === i,
  );
  const without = ordered.find((arm) => !units.has(arm));
  if (without !== undefined) {
    throw new DomainError(
      'readout_invalid',
      `arm "${without}" has no number of units: expected a column n, or units`,
      { file: request.path },
    );
  }
  return {
    units: Object.fromEntries(ordered.map((arm) => [arm, units.get(arm)!])),
    metrics: Object.fromEntries(
      [...metrics].map(([metric, arms]) => [
        metric,
        parseWith(
          metricReadoutSchema,
          {
            kind: kinds.get(metric)!,
            adjusted: request.adjusted,
            arms: Object.fromEntries(
              ordered.filter((arm) => arms.has(arm)).map((arm) => [arm, arms.get(arm)!]),
            ),
          },
          'readout_invalid',
          { file: request.path },
        ),
      ]),
    ),
  };
}

function checkedNames(
  row: ArmRow,
  { arms, kinds }: ArmReadoutRequest,
): { readonly arm: string; readonly metric: string } {
  const arm = row.text('arm');
  const metric = row.text('metric');
  if (arm === undefined) throw row.error('has no arm: expected the name of one');
  if (metric === undefined) throw row.error('has no metric: expected the name of one');
  const isArm = arms === undefined ? armNameSchema.safeParse(arm).success : arms.includes(arm);
  if (!isArm) {
    const expected =
      arms === undefined ? 'up to 64 letters, digits, _, . and -' : `one of ${arms.join(', ')}`;
    throw row.error(`is of arm "${arm}": expected ${expected}`);
  }
  const isMetric =
    kinds === undefined ? metricNameSchema.safeParse(metric).success : Object.hasOwn(kinds, metric);
  if (!isMetric) {
    const expected =
      kinds === undefined ? 'a name such as click or revenue' : `one of ${Object.keys(kinds).join(', ')}`;
    throw row.error(`is of metric "${metric}": expected ${expected}`);
  }
  return { arm, metric };
}

function kindOf(row: ArmRow, metric: string, { kinds }: ArmReadoutRequest): MetricKindOnline {
  const planned = kinds?.[metric];
  const told = row.text('kind');
  if (told !== undefined && told !== 'propensity' && told !== 'volume') {
    throw row.error(`has the kind "${told}": expected propensity or volume`);
  }
  if (planned !== undefined && told !== undefined && planned !== told) {
    throw row.error(`has the kind ${told}: expected ${planned}, which ${metric} is`);
  }
  const kind = planned ?? told;
  if (kind === undefined) throw row.error('has no kind: expected a column kind of propensity or volume');
  return kind;
}

function measurementOf(row: ArmRow): Measurement {
  const n = row.whole('n');
  const optional = n === undefined ? {} : { n };
  const [mean, lift, sum] = ['mean', 'lift', 'sum'].map((name) => row.number(name));
  const forms = [mean, lift, sum].filter((value) => value !== undefined).length;
  if (forms !== 1) {
    throw row.error(
      `has ${forms === 0 ? 'none' : 'several'} of mean, lift and sum: expected mean and sem, lift and sem, or sum, sum_of_squares and n`,
    );
  }
  const sem = row.number('sem');
  const raw =
    mean !== undefined
      ? { mean, sem, ...optional }
      : lift !== undefined
        ? { lift, sem, ...optional }
        : { n, sum, sumOfSquares: row.number('sum_of_squares'), ...covariateOf(row) };
  try {
    return parseWith(measurementSchema, raw, 'readout_invalid');
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw row.error(error.line);
  }
}

function covariateOf(row: ArmRow): object {
  const [sum, sumOfSquares, sumOfProducts] = ['sum', 'sum_of_squares', 'sum_of_products'].map((name) =>
    row.number(`covariate_${name}`),
  );
  const told = [sum, sumOfSquares, sumOfProducts].filter((value) => value !== undefined).length;
  if (told === 0) return {};
  if (told < 3) {
    throw row.error(
      'has part of a covariate: expected covariate_sum, covariate_sum_of_squares and covariate_sum_of_products, or none',
    );
  }
  return { covariate: { sum, sumOfSquares, sumOfProducts } };
}

function noteUnits(units: Map<string, number>, arm: string, count: number | undefined, row: ArmRow): void {
  if (count === undefined) return;
  const known = units.get(arm);
  if (known !== undefined && known !== count) {
    throw row.error(
      `says that ${arm} has ${count} units, and an earlier row ${known}: expected one number, or a column units beside n`,
    );
  }
  units.set(arm, count);
}
