import type { DuckDBConnection } from '@duckdb/node-api';
import { armNameSchema } from '../../domain/allocation.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Readout } from '../../domain/readout.ts';
import { nameFiles } from '../log/find-log-files.ts';
import type { LogFile } from '../log/log-file.ts';
import { lineOfRow } from '../log/log-lines.ts';
import { quoteString } from '../log/sql-text.ts';
import { withDuckDb } from '../log/with-duckdb.ts';
import { metricCorrelations } from './metric-correlations.ts';
import { openReadoutFiles, ofReadout } from './readout-file.ts';
import { shownValue } from './readout-column.ts';
import { unitSums } from './unit-sums.ts';
import { metricColumns, USERS } from './user-columns.ts';
import type { UserReadoutRequest } from './user-readout-request.ts';
import { createUserTable } from './user-table.ts';

/** As many as an experiment may have; more are told as a column that holds no arms. */
const MOST_ARMS = 100;

/** A readout without its times, and what was found while it was read. */
export interface UserReadout extends Pick<Readout, 'units' | 'metrics' | 'correlations'> {
  readonly rows: number;
  /** Empty numbers that were taken for 0. */
  readonly zeros: number;
  /** Units that did more than once what a propensity counts once, by metric; metrics without any are left out. */
  readonly several: Readonly<Record<string, number>>;
}

/**
 * Reads rows of users into sufficient statistics of each arm and metric.
 *
 * A volume is the mean of what is counted for a user, over all rows of that user. A propensity is the share of users with at
 * least one: whoever has a count above 0, over all rows, counts 1. Covariates stay as they are, and are the same in all rows of
 * a user. `arms` of the request come first, in their order.
 *
 * Throws `readout_invalid`, in one line, for a file that is missing or broken, a column that is not there, a value that is not
 * what it should be, an unknown arm, a unit in two arms, or an arm of one unit.
 */
export async function readUserReadout(request: UserReadoutRequest): Promise<UserReadout> {
  const { httpfs, bounds } = request;
  const files = await openReadoutFiles(request.path, httpfs);
  const paths = files.map(({ path }) => path);
  return ofReadout(async () =>
    withDuckDb(
      paths,
      async (connection) => {
        const zeros = await createUserTable(connection, files, request);
        return readTable(connection, request, zeros, files);
      },
      { httpfs, bounds },
    ),
  );
}

async function readTable(
  connection: DuckDBConnection,
  request: UserReadoutRequest,
  zeros: number,
  files: readonly LogFile[],
): Promise<UserReadout> {
  const file = nameFiles(files.map(({ path }) => path));
  const invalid: Invalid = (message, line) =>
    new DomainError('readout_invalid', message, { file, ...(line !== undefined && { line }) });
  const ask = async (sql: string): Promise<readonly unknown[]> =>
    (await connection.runAndReadAll(sql)).getRows()[0]!;
  const arms = await armsOf(connection, request, invalid);
  const [rows, units] = (await ask(`SELECT count(*), count(DISTINCT unit) FROM ${USERS}`)).map(Number);
  if (request.unit !== undefined) await refuseCrossing(connection, files, request.unit, invalid);
  const grouped = request.unit !== undefined && units! < rows!;
  if (grouped) await refuseMovingCovariates(ask, request, invalid);
  const { names, of } = metricColumns(request);
  const metrics = of.map((each) => ({
    ...each,
    isPropensity: request.metrics[each.metric]!.kind === 'propensity',
  }));
  const sums = await unitSums(connection, arms, metrics, names.length, grouped);
  const single = sums.findIndex(({ n }) => n < 2);
  if (single >= 0) throw invalid(`arm "${arms[single]}" has 1 unit: expected 2 or more`);
  const several = metrics.map(({ metric }, m) => [
    metric,
    sums.reduce((total, arm) => total + arm.several[m]!, 0),
  ]);
  return {
    units: Object.fromEntries(arms.map((arm, a) => [arm, sums[a]!.n])),
    metrics: Object.fromEntries(
      metrics.map(({ metric }, m) => [
        metric,
        {
          kind: request.metrics[metric]!.kind,
          adjusted: false,
          arms: Object.fromEntries(arms.map((arm, a) => [arm, sums[a]!.metrics[m]!])),
        },
      ]),
    ),
    ...metricCorrelations(metrics, sums),
    rows: rows!,
    zeros,
    several: Object.fromEntries(several.filter(([, count]) => count !== 0)) as Record<string, number>,
  };
}

type Invalid = (message: string, line?: number) => DomainError;
type Ask = (sql: string) => Promise<readonly unknown[]>;

async function armsOf(
  connection: DuckDBConnection,
  { arm, arms: planned = [] }: UserReadoutRequest,
  invalid: Invalid,
): Promise<readonly string[]> {
  const query = `SELECT arm FROM ${USERS} GROUP BY arm ORDER BY min(rowid)`;
  const found = (await connection.runAndReadAll(query)).getRows().map(([name]) => String(name));
  if (found.length === 0) throw invalid('has no rows below its header: expected one a user');
  if (found.length > MOST_ARMS) {
    throw invalid(
      `column "${arm}" (arm) has ${found.length.toLocaleString('en')} values, such as ${shownValue(found[0])}: expected the names of at most ${MOST_ARMS} arms`,
    );
  }
  const wrong = found.find((name) => !armNameSchema.safeParse(name).success);
  if (wrong !== undefined) {
    throw invalid(
      `column "${arm}" (arm) is ${shownValue(wrong)}: expected a name of up to 64 letters, digits, _, . and -`,
    );
  }
  return [
    ...planned.filter((name) => found.includes(name)),
    ...found.filter((name) => !planned.includes(name)),
  ];
}

interface ArmAtRow {
  readonly arm: string;
  readonly row: number;
}

/** A unit that saw two arms says nothing of either. */
async function refuseCrossing(
  connection: DuckDBConnection,
  files: readonly LogFile[],
  column: string,
  invalid: Invalid,
): Promise<void> {
  const ask = async (sql: string): Promise<readonly (readonly unknown[])[]> =>
    (await connection.runAndReadAll(sql)).getRows();
  const crossing = `SELECT unit, min(rowid) AS first FROM ${USERS} GROUP BY unit HAVING min(arm) <> max(arm)`;
  const [[count, unit] = []] = await ask(`SELECT count(*), arg_min(unit, first) FROM (${crossing})`);
  if (Number(count) === 0) return;
  const ofUnit = `SELECT arm, min(rowid) AS first FROM ${USERS} WHERE unit = ${quoteString(String(unit))}`;
  const [one, other] = (await ask(`${ofUnit} GROUP BY arm ORDER BY first LIMIT 2`)).map(([arm, first]) => ({
    arm: String(arm),
    row: Number(first) + 1,
  })) as [ArmAtRow, ArmAtRow];
  // Rows of several files are counted together.
  const [file, another] = files;
  const line = another === undefined ? await lineOfRow(file!, other.row) : undefined;
  const where = another === undefined ? `rows ${one.row} and ${other.row}: ` : '';
  const others = Number(count) - 1;
  const more = others === 0 ? '' : ` (and so are ${others.toLocaleString('en')} more)`;
  throw invalid(
    `${where}unit ${shownValue(unit)} (column "${column}") is in the arms ${one.arm} and ${other.arm}: expected one arm a unit${more}`,
    line,
  );
}

/** Summing a covariate over the rows of a unit would make it depend on how often the unit came, which the arm may move. */
async function refuseMovingCovariates(
  ask: Ask,
  request: UserReadoutRequest,
  invalid: Invalid,
): Promise<void> {
  const { names, of } = metricColumns(request);
  for (const { metric, x } of of) {
    if (x === undefined) continue;
    const moving = `SELECT unit, min(rowid) AS first FROM ${USERS} GROUP BY unit HAVING min(n${x}) <> max(n${x})`;
    const [count, unit] = await ask(`SELECT count(*), arg_min(unit, first) FROM (${moving})`);
    if (Number(count) === 0) continue;
    throw invalid(
      `column "${names[x]}" (covariate of ${metric}) has several values for unit ${shownValue(unit)}: expected the same in all rows of a unit, as it is of the time before`,
    );
  }
}
