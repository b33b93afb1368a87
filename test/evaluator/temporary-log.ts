import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { headSchema } from '../../src/domain/log.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { type LogRequest, readLog } from '../../src/evaluator/read-log.ts';

/** A folder for the logs that a test writes. */
export interface TemporaryLogs {
  write(name: string, content: string | Buffer): string;
  /** The rows of a DuckDB query as Parquet. */
  writeParquet(name: string, query: string): Promise<string>;
  remove(): void;
}

export function temporaryLogs(): TemporaryLogs {
  const folder = mkdtempSync(join(tmpdir(), 'pondera-evaluator-'));
  return {
    write(name, content) {
      const path = join(folder, name);
      writeFileSync(path, name.endsWith('.gz') && typeof content === 'string' ? gzipSync(content) : content);
      return path;
    },
    async writeParquet(name, query) {
      const path = join(folder, name);
      const instance = await DuckDBInstance.create(':memory:');
      const connection = await instance.connect();
      await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
      connection.closeSync();
      instance.closeSync();
      return path;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Reads a log of one head, `click`, with the columns r, s and y. */
export function readClicks(path: string, changes: Partial<LogRequest> = {}): Promise<EngagementLog> {
  const heads = { click: headSchema.parse({ score: 's', label: 'y' }) };
  return readLog({ path, request: 'r', nullScores: 'refuse', heads, ...changes });
}
