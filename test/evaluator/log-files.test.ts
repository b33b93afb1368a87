import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { fingerprint, sha256ByDuckDb } from '../../src/evaluator/fingerprint.ts';
import { withDuckDb } from '../../src/evaluator/log/with-duckdb.ts';
import { findLogFiles } from '../../src/evaluator/log/find-log-files.ts';
import { readClicks, type TemporaryLogs, temporaryLogs } from './temporary-log.ts';

const ROWS = ['7,0.5,1,new', '8,0.25,0,old', '7,1,,old', '9,0.125,0,new', '8,0.75,1,', '7,0,0,new'];
const HEADER = 'r,s,y,g';
const csv = (rows: readonly string[]): string => `${[HEADER, ...rows].join('\n')}\n`;
const query = (rows: readonly string[]): string =>
  `SELECT * FROM (VALUES ${rows
    .map((row) => {
      const [r, s, y, g] = row.split(',');
      return `(${r}, ${s}::DOUBLE, ${y === '' ? 'NULL' : y}::TINYINT, ${g === '' ? 'NULL' : `'${g}'`})`;
    })
    .join(', ')}) v(r, s, y, g)`;

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

async function refusal(path: string | readonly string[], changes = {}): Promise<string> {
  const error: unknown = await readClicks(path, changes).catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(DomainError);
  return (error as DomainError).line;
}

/** Where the first block of the zstd data of DuckDB begins: after its magic number, flags and window. */
const FIRST_BLOCK = 6;

describe('a log of several files', () => {
  let logs: TemporaryLogs;
  let whole: EngagementLog;
  beforeEach(async () => {
    logs = temporaryLogs();
    whole = await readClicks(logs.write('whole.csv', csv(ROWS)), { segment: 'g' });
  });
  afterEach(() => logs.remove());

  const parts = [ROWS.slice(0, 3), ROWS.slice(3, 5), ROWS.slice(5)];
  it('is one log, its files in the order of their names, as a list and as a pattern', async () => {
    const [a, b, c] = ['part-0.csv', 'part-1.csv', 'part-2.csv'].map((name, i) =>
      logs.write(name, csv(parts[i]!)),
    );
    for (const path of [
      [c!, a!, b!],
      join(logs.folder, 'part-*.csv'),
      [b!, join(logs.folder, 'part-[02].csv')],
    ]) {
      expect(await readClicks(path, { segment: 'g' })).to.deep.equal(whole);
    }
    expect([...whole.requestOffsets]).to.deep.equal([0, 3, 5, 6]);
    expect([...whole.heads[0]!.probability]).to.deep.equal([0.5, 1, 0, 0.25, 0.75, 0.125]);
  });

  it('mixes compressions and orders of columns, and reaches into folders', async () => {
    logs.write('day/1/a.csv.gz', csv(parts[0]!));
    await logs.writeZstd('day/2/a.csv.zst', query(parts[1]!));
    logs.write('day/3/a.csv', 'g,y,s,r\nnew,0,0,7\n');
    expect(await readClicks(join(logs.folder, 'day/**/a.csv*'), { segment: 'g' })).to.deep.equal(whole);
  });

  it('is read from Parquet and from NDJSON compressed with zstd alike', async () => {
    for (const [i, rows] of parts.entries()) {
      await logs.writeParquet(`p/${i}.parquet`, query(rows));
      await logs.writeZstd(`n/${i}.ndjson.zst`, query(rows));
      await logs.writeZstd(`l/${i}.jsonl.zst`, query(rows));
    }
    for (const pattern of ['p/*.parquet', 'n/?.ndjson.zst', 'l/*']) {
      expect(await readClicks(join(logs.folder, pattern), { segment: 'g' })).to.deep.equal(whole);
    }
  });

  it('may have files without rows', async () => {
    const paths = [
      logs.write('a.csv', csv([])),
      logs.write('b.csv', csv(ROWS)),
      logs.write('c.csv', csv([])),
    ];
    expect(await readClicks(paths, { segment: 'g' })).to.deep.equal(whole);
    expect(await refusal([paths[0]!, paths[2]!])).to.equal(
      `${paths[0]} and 1 more: has columns but no rows: expected impressions`,
    );
  });

  it('has a fingerprint of the bytes of all its files, in order, wherever they are', async () => {
    const a = logs.write('x/a.csv', csv(parts[0]!));
    const b = logs.write('x/b.csv', csv(parts[1]!));
    const expected = sha256([a, b].map((path) => sha256(readFileSync(path))).join('\n'));
    expect(await fingerprint(await findLogFiles([b, a]))).to.equal(expected);
    logs.write('y/a.csv', csv(parts[0]!));
    logs.write('y/b.csv', csv(parts[1]!));
    expect(await fingerprint(await findLogFiles('*.csv', join(logs.folder, 'y')))).to.equal(expected);
    logs.write('y/b.csv', csv(parts[2]!));
    expect(await fingerprint(await findLogFiles('*.csv', join(logs.folder, 'y')))).to.not.equal(expected);
  });

  it('takes the pattern from the path alone, not from the folder that it is relative to', async () => {
    const inside = logs.write('[a] *?/1.csv', csv(ROWS));
    logs.write('a/1.csv', csv(ROWS));
    expect(await findLogFiles('*.csv', join(logs.folder, '[a] *?'))).to.deep.equal([inside]);
  });

  it('takes a name that exists literally, whatever it holds', async () => {
    logs.write('x.csv', csv(ROWS));
    const literal = logs.write('*.csv', csv(ROWS));
    expect(await findLogFiles(literal)).to.deep.equal([literal]);
    expect(await findLogFiles('?.csv', logs.folder)).to.have.length(2);
  });

  it('refuses a pattern without a match, and a file that is named twice', async () => {
    const path = logs.write('a.csv', csv(ROWS));
    const pattern = join(logs.folder, '*.parquet');
    expect(await refusal(pattern)).to.equal(`${pattern}: no file has a name like this: expected the log`);
    expect(await refusal([path, join(logs.folder, 'a*')])).to.equal(
      `${path}: the log names this file twice: expected each file once`,
    );
  });

  it('tells the file, and the row within it, of what is wrong', async () => {
    const a = logs.write('a.csv', csv(ROWS));
    const bad = logs.write('b.csv', csv(['1,0.5,1,', '1,2,1,']));
    expect(await refusal([a, bad])).to.equal(
      `${bad}:3: row 2: column "s" (score of head click) is "2": expected a number from 0 to 1`,
    );
    const other = logs.write('c.csv', 'r,s,label\n1,0.5,1\n');
    expect(await refusal([a, other])).to.equal(
      `${other}: the log has no column "y" (label of head click); its columns are r, s, label`,
    );
    const short = logs.write('d.csv', `${csv(ROWS)}7,1\n`);
    expect(await refusal([a, short])).to.equal(
      `${short}:8: the row has 2 values: expected 4, as in the header`,
    );
    const empty = logs.write('e.csv', '');
    expect(await refusal([a, empty])).to.equal(`${empty}: is empty (0 bytes): expected impressions`);
  });

  it('refuses identifiers and times of two types', async () => {
    const a = await logs.writeParquet(
      'a.parquet',
      "SELECT 1 AS r, 0.5 AS s, 1 AS y, 7 AS u, TIMESTAMP '2025-03-01' AS t",
    );
    const text = await logs.writeParquet('b.parquet', "SELECT '1' AS r, 0.5 AS s, 1 AS y, 7 AS u, 8 AS t");
    const user = await logs.writeParquet(
      'c.parquet',
      "SELECT 2::TINYINT AS r, 0.5::FLOAT AS s, true AS y, 'x' AS u, 8 AS t",
    );
    const types = 'expected one type in all files';
    expect(await refusal([a, text])).to.equal(
      `${text}: column "r" (request) is of type VARCHAR here and of type INTEGER in ${a}: ${types}`,
    );
    expect(await refusal([a, user], { user: 'u' })).to.equal(
      `${user}: column "u" (user) is of type VARCHAR here and of type INTEGER in ${a}: ${types}`,
    );
    expect(await refusal([a, user], { timestamp: 't' })).to.equal(
      `${user}: column "t" (timestamp) is of type INTEGER here and of type TIMESTAMP in ${a}: ${types}`,
    );
    expect((await readClicks([a, user])).requests).to.equal(2);
  });

  it('counts users and times over all files', async () => {
    const a = logs.write('a.csv', 'r,s,y,u,t\n1,0.5,1,x,5\n2,0.5,1,z,9\n');
    const b = logs.write('b.csv', 'r,s,y,u,t\n3,0.5,1,x,4\n1,0.5,1,x,3\n');
    const log = await readClicks([a, b], { user: 'u', timestamp: 't' });
    expect([...log.userOfRequest!]).to.deep.equal([0, 1, 0]);
    expect([...log.timestampOfRequest!]).to.deep.equal([3, 9, 4]);
    const dates = logs.write('c.csv', 'r,s,y,u,t\n3,0.5,1,x,2025-03-01\n');
    expect(await refusal([a, dates], { timestamp: 't' })).to.include(
      `${dates}:2: row 1: column "t" (timestamp) is`,
    );
  });
});

describe('a log compressed with zstd', () => {
  let logs: TemporaryLogs;
  let bytes: Buffer;
  before(async () => {
    logs = temporaryLogs();
    const rows = 'SELECT i AS r, (i * 7919 % 1000) / 1000 AS s, i % 2 AS y FROM range(400000) v(i)';
    bytes = readFileSync(await logs.writeZstd('whole.csv.zst', rows));
  });
  after(() => logs.remove());

  const refusalOf = async (name: string, content: string | Buffer): Promise<string> => {
    const path = logs.write(name, content);
    const error: unknown = await readClicks(path).catch((reason: unknown) => reason);
    expect(error, name).to.be.instanceOf(DomainError);
    return (error as DomainError).line.slice(path.length);
  };

  it('is read whole, also where it is of several frames and of frames to skip', async () => {
    expect((await readClicks(logs.write('a.csv.zst', bytes))).rows).to.equal(400_000);
    const skippable = Buffer.concat([Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0]), Buffer.from('abc')]);
    const frames = logs.write('b.csv.zst', Buffer.concat([bytes, skippable]));
    expect((await readClicks(frames)).rows).to.equal(400_000);
  });

  it('is refused where it is cut, wherever', async () => {
    const truncated = ': the zstd data is truncated: expected a whole file';
    for (const cut of [3, 4, 5, 9, 12, bytes.length >> 1, bytes.length - 100, bytes.length - 1]) {
      const expected = cut < 4 ? ': is not zstd data: expected what the name says, a zstd file' : truncated;
      expect(await refusalOf('cut.csv.zst', bytes.subarray(0, cut)), String(cut)).to.equal(expected);
    }
    const second = Buffer.concat([bytes, bytes.subarray(0, 100)]);
    expect(await refusalOf('cut.csv.zst', second)).to.equal(truncated);
  });

  it('is refused where it is damaged, or is no zstd data', async () => {
    const damaged = Buffer.from(bytes);
    damaged[FIRST_BLOCK]! |= 0b110;
    expect(await refusalOf('a.csv.zst', damaged)).to.equal(
      ': the zstd data is damaged (a block is of no known type): expected a whole file',
    );
    damaged.set(bytes);
    damaged.fill(0xff, FIRST_BLOCK + 3, FIRST_BLOCK + 67);
    expect(await refusalOf('a.csv.zst', damaged)).to.match(/^: cannot be read as CSV: [^\n]+$/);
    expect(await refusalOf('a.csv.zst', 'r,s,y\n1,0.5,1\n')).to.equal(
      ': is not zstd data: expected what the name says, a zstd file',
    );
    expect(await refusalOf('a.csv.zst', Buffer.concat([bytes, Buffer.from('tail')]))).to.equal(
      ': the zstd data is damaged (a frame does not begin as one): expected a whole file',
    );
    expect(await refusalOf('a.csv', bytes)).to.equal(
      ': is zstd data: expected a name that says so, and ends in .csv.zst or .ndjson.zst',
    );
  });

  it('is refused for a bad value by its row, and for one that is empty', async () => {
    const bad = await logs.writeZstd('bad.csv.zst', 'SELECT 1 AS r, i AS s, 1 AS y FROM range(3) v(i)');
    expect(await refusalOf('bad.csv.zst', readFileSync(bad))).to.equal(
      ': row 3: column "s" (score of head click) is "2": expected a number from 0 to 1',
    );
    const empty = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x00, 0x01, 0x00, 0x00]);
    expect(await refusalOf('empty.csv.zst', empty)).to.equal(
      ': holds only blank lines: expected impressions',
    );
    expect(await refusalOf('empty.ndjson.zst', empty)).to.equal(
      ': holds only blank lines: expected impressions',
    );
  });
});

describe('a log on s3://', () => {
  const expected =
    /the file of DuckDB's extension httpfs \(v[0-9.]+\) in PONDERA_HTTPFS, or a local copy of the log$/;
  let logs: TemporaryLogs;
  before(() => {
    logs = temporaryLogs();
  });
  after(() => logs.remove());

  it('says in one line what it takes to read it, by name and by pattern', async () => {
    for (const path of ['s3://bucket/log.parquet', 's3://bucket/*.parquet']) {
      const line = await refusal(path);
      expect(line).to.match(expected);
      expect(line).to.include(`${path}: reading from s3:// takes an extension: expected `);
    }
  });

  it('says that what should be the extension is none', async () => {
    for (const file of [join(logs.folder, 'nowhere'), logs.write('httpfs.duckdb_extension', 'not one')]) {
      for (const path of ['s3://bucket/log.parquet', 's3://bucket/*.parquet']) {
        const line = await refusal(path, { httpfs: file });
        expect(line).to.include(`${path}: PONDERA_HTTPFS=${file} cannot be loaded: expected `);
        expect(line).to.match(expected);
      }
    }
  });

  it('is Parquet alone', async () => {
    expect(await refusal('s3://bucket/log.csv')).to.equal(
      's3://bucket/log.csv: is not read from s3://: expected Parquet, a name that ends in .parquet, or a local copy',
    );
  });

  it('has the fingerprint of its bytes, which DuckDB sums as we do', async () => {
    const path = logs.write('any.csv', csv(ROWS));
    const sum = await withDuckDb([path], (connection) => sha256ByDuckDb(connection, path));
    expect(sum).to.equal(await fingerprint([path]));
  });
});
