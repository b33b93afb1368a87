import type { DuckDBConnection } from '@duckdb/node-api';
import { readError } from '../log/duckdb-error.ts';
import type { LogSourceFile } from '../log/log-source-files.ts';
import { refuseBadValue } from '../log/refuse-bad-value.ts';
import type { BinnedLogRequest } from './binned-log.ts';
import { checkedRows } from './checked-rows.ts';
import { outOfMemoryError } from './histogram-memory.ts';
import { placeOf, type RowSelection } from './row-selections.ts';
import { addSummaries, LOSS_SQL, type RowSummary, summaryStatement, toSummary } from './summary-statement.ts';

/** Sums up the rows of a log, one scan of each file. Throws `log_invalid` for the first value that is not what it should be. */
export async function summarise(
  connection: DuckDBConnection,
  files: readonly LogSourceFile[],
  segments: readonly string[],
  request: BinnedLogRequest,
  selections: readonly RowSelection[],
): Promise<RowSummary> {
  const heads = Object.keys(request.heads);
  const shape = {
    columns: heads.length + (request.baselineScore === undefined ? 0 : 1),
    selections: selections.length,
    weighted: request.weight !== undefined,
    losses: request.metrics.flatMap((metric) =>
      LOSS_SQL[metric.kind] === undefined
        ? []
        : [
            {
              kind: metric.kind,
              head: heads.indexOf(metric.head),
              selection: placeOf(selections, metric),
            },
          ],
    ),
  };
  let whole: RowSummary | undefined;
  for (const file of files) {
    const rows = checkedRows(file, selections, request.nullScores);
    const part = await connection
      .runAndReadAll(summaryStatement(rows, shape))
      .then((reader) => toSummary(reader.getRows()[0]!.map(Number), shape))
      .catch(async (error: unknown) => {
        throw (
          outOfMemoryError(error, request.memoryBudget, file.table.file.path) ??
          (await readError(error, file.table.file))
        );
      });
    if (part.badRows > 0) {
      const forms = { segments, numericTimestamps: false };
      await refuseBadValue(connection, file, forms, request.nullScores);
    }
    whole = whole === undefined ? part : addSummaries(whole, part);
  }
  return whole!;
}
