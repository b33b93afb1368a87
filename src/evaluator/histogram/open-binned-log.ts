import type { DuckDBDataChunk } from '@duckdb/node-api';
import { readError } from '../log/duckdb-error.ts';
import { noRowsError, noWeightError } from '../log/empty-log.ts';
import { findLogFiles, nameFiles } from '../log/find-log-files.ts';
import type { LogFile } from '../log/log-file.ts';
import { openLogSource } from '../log/log-source-files.ts';
import { segmentNames } from '../log/segment-names.ts';
import { openDuckDb } from '../log/with-duckdb.ts';
import { wholeFile } from '../read-log.ts';
import type { BinnedLog, BinnedLogRequest } from './binned-log.ts';
import { binnedOrdering } from './binned-ordering.ts';
import { describeBinnedLog } from './describe-binned-log.ts';
import { duckDbMemory, outOfMemoryError, orderingsAtOnce } from './histogram-memory.ts';
import { histogramStatement } from './histogram-statement.ts';
import { readHistograms } from './read-histograms.ts';
import { selectionsOf } from './row-selections.ts';
import { soundRows } from './sound-rows.ts';
import { DUCKDB } from './sql-dialect.ts';
import { summarise } from './summarise.ts';
import { LOSS_SQL, type RowSummary } from './summary-statement.ts';

/**
 * Opens a log for histograms: one scan checks every value, counts, and finds the ranges over which utilities are binned.
 *
 * Sums of weights and losses are taken by one thread, in the order of the rows: another order would round otherwise.
 * Throws `log_unreadable` and `log_invalid` as `readLog` does, and `log_unreadable` where the memory is too little.
 */
export async function openBinnedLog(request: BinnedLogRequest): Promise<BinnedLog> {
  const memoryBytes = duckDbMemory(request.memoryBudget);
  const files: LogFile[] = [];
  for (const path of await findLogFiles(request.path, '', request.httpfs)) files.push(await wholeFile(path));
  const paths = files.map(({ path }) => path);
  const place = nameFiles(paths);
  const { connection, close } = await openDuckDb(paths, { memoryBytes, httpfs: request.httpfs });
  try {
    const sources = await openLogSource(connection, files, request);
    const segments = await segmentNames(connection, sources);
    const selections = selectionsOf(request, segments);
    const weighted = request.weight !== undefined;
    const hasLosses = request.metrics.some(({ kind }) => LOSS_SQL[kind] !== undefined);
    if (weighted || hasLosses) await connection.run('SET threads = 1');
    const summary = await summarise(connection, sources, segments, request, selections);
    if (!weighted) await connection.run('RESET threads');
    if (summary.rows === 0) throw noRowsError(summary.droppedRows, place);
    if (weighted && weighsNothing(summary)) throw noWeightError(request.weight!, place);
    const sound = sources.map((source) => soundRows(source, selections)).join(' UNION ALL ');
    const rows = { sql: `(${sound})`, labels: selections.length, weighted };
    const scan = async (sql: string): Promise<readonly DuckDBDataChunk[]> => {
      try {
        return await (await connection.run(sql)).fetchAllChunks();
      } catch (error) {
        throw outOfMemoryError(error, request.memoryBudget, place) ?? (await readError(error, files[0]!));
      }
    };
    return {
      ...describeBinnedLog(request, summary, selections),
      // Sums of weights round by the order in which a hash table adds them up, which other vectors in it could move.
      orderingsAtOnce: weighted ? 1 : orderingsAtOnce(memoryBytes, request.bins, selections.length),
      async histograms(orderings) {
        const binned = orderings.map((ordering) => binnedOrdering(request, summary, ordering));
        return readHistograms(await scan(histogramStatement(rows, binned, DUCKDB)), rows, binned);
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function weighsNothing({ negativeWeight, positiveWeight }: RowSummary): boolean {
  return [...negativeWeight, ...positiveWeight].every((weight) => weight === 0);
}
