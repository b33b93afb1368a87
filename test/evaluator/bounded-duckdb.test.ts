import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { fileSql } from '../../src/evaluator/log/remote-path.ts';
import { withDuckDb } from '../../src/evaluator/log/with-duckdb.ts';

describe('a database within bounds', () => {
  // Characters of patterns and of SQL.
  const parent = mkdtempSync(join(tmpdir(), "pondera [b]'ound?ed* "));
  const path = join(parent, 'readout.csv');
  const other = join(parent, 'other.csv');
  const spillFolder = join(parent, 'spill');
  const bounds = { memoryBytes: 60e6, spillFolder, spillBytes: 300e6, threads: 1 };
  const run = (sql: string, spillBytes = bounds.spillBytes): Promise<readonly unknown[]> =>
    withDuckDb([path], async (connection) => (await connection.runAndReadAll(sql)).getRows()[0]!, {
      bounds: { ...bounds, spillBytes },
    });
  const errorOf = async (sql: string, spillBytes?: number): Promise<string> =>
    run(sql, spillBytes).then(
      () => expect.fail(`it ran: ${sql}`),
      (error: unknown) => (error as Error).message,
    );

  before(() => {
    for (const file of [path, other]) writeFileSync(file, 'a,b\n1,2\n');
    mkdirSync(join(parent, 'folder'));
  });
  after(() => rmSync(parent, { recursive: true }));

  it('reads its file by the name that readers use', async () => {
    expect(await run(`SELECT b::INTEGER FROM read_csv(${fileSql(path)})`)).to.deep.equal([2]);
  });

  it('opens no other file, lists no folder, writes nothing and reaches no network', async () => {
    const quoted = parent.replaceAll("'", "''");
    for (const sql of [
      `SELECT * FROM read_csv(${fileSql(other)})`,
      "SELECT * FROM read_text('/etc/hostname')",
      `SELECT * FROM glob('/etc/*')`,
      `COPY (SELECT 1) TO '${quoted}/out.csv'`,
      `ATTACH '${quoted}/out.db'`,
      "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
      "SELECT * FROM read_parquet('s3://bucket/x.parquet')",
      'INSTALL httpfs',
      'LOAD httpfs',
      `LOAD '${quoted}/x.duckdb_extension'`,
    ]) {
      expect(await errorOf(sql), sql).to.match(/disabled (by|through) configuration|Permission Error/);
    }
    for (const name of ['out.csv', 'out.db']) expect(existsSync(join(parent, name))).to.equal(false);
  });

  it('has a bound, however small it is told', async () => {
    const setting = "SELECT value FROM duckdb_settings() WHERE name = 'max_temp_directory_size'";
    for (const [spillBytes, shown] of [
      [1, '1000 bytes'],
      [12_000, '11.7 KiB'],
    ] as const) {
      expect(await run(setting, spillBytes)).to.deep.equal([shown]);
    }
  });

  it('lets nobody widen them', async () => {
    for (const sql of [
      "SET memory_limit = '10GB'",
      'SET enable_external_access = true',
      "SET allowed_paths = ['/etc/hostname']",
      'SET lock_configuration = false',
      "SET temp_directory = '/tmp'",
    ]) {
      expect(await errorOf(sql), sql).to.match(/configuration has been locked|Cannot/);
    }
  });

  it('keeps what memory does not hold in its folder, and gives up beyond', async () => {
    const sql =
      'SELECT count(*), max(n) FROM (SELECT m, row_number() OVER (ORDER BY m) AS n FROM (SELECT md5(i::VARCHAR) AS m FROM range(1500000) r(i)))';
    expect(await run(sql)).to.deep.equal([1_500_000n, 1_500_000n]);
    expect(existsSync(spillFolder) ? readdirSync(spillFolder) : [], 'nothing is left').to.deep.equal([]);
    expect(await errorOf(sql, 10e6)).to.match(/^Out of Memory Error/);
  });
});
