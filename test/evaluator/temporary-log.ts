import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { headSchema } from '../../src/domain/log.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { type LogRequest, readLog } from '../../src/evaluator/read-log.ts';

/** A folder for the logs that a test writes. */
export interface TemporaryLogs {
  readonly folder: string;
  /** Writes text or bytes; text under a name that ends in .gz is compressed. */
  write(name: string, content: string | Buffer): string;
  /** The rows of a DuckDB query as zstd-compressed CSV or NDJSON, by the name. */
  writeZstd(name: string, query: string): Promise<string>;
  /** The rows of a DuckDB query as Parquet. */
  writeParquet(name: string, query: string): Promise<string>;
  remove(): void;
}

export function temporaryLogs(): TemporaryLogs {
  const folder = mkdtempSync(join(tmpdir(), 'pondera-evaluator-'));
  const copy = async (name: string, query: string, format: string): Promise<string> => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`COPY (${query}) TO '${path}' (${format})`);
    connection.closeSync();
    instance.closeSync();
    return path;
  };
  return {
    folder,
    write(name, content) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, name.endsWith('.gz') && typeof content === 'string' ? gzipSync(content) : content);
      return path;
    },
    writeParquet: (name, query) => copy(name, query, 'FORMAT parquet'),
    writeZstd: (name, query) =>
      copy(name, query, `FORMAT ${name.includes('.csv') ? 'csv' : 'json'}, COMPRESSION zstd`),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Reads a log of one head, `click`, with the columns r, s and y. */
export function readClicks(
  path: string | readonly string[],
  changes: Partial<LogRequest> = {},
): Promise<EngagementLog> {
  const heads = { click: headSchema.parse({ score: 's', label: 'y' }) };
  return readLog({ path, request: 'r', nullScores: 'refuse', heads, ...changes });
}
