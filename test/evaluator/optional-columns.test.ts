import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { readClicks, type TemporaryLogs, temporaryLogs } from './temporary-log.ts';

/** Requests 7, x and 8, interleaved; users b and a; times that do not grow. */
const CSV = `r,s,y,u,t,k,d
7,0.5,1,b,2025-03-01T00:00:05Z,1,0.5
x,0.25,,a,2025-03-01,2,1
7,1,0,b,2025-03-01 02:00:03+02:00,3,0.25
8,0.75,0,b,1970-01-01,2147483647,1e-9
`;
const COLUMNS = { user: 'u', timestamp: 't', position: 'k', displayPropensity: 'd' };
const manyUsers = (u: string): string =>
  `SELECT i % 50000 AS r, 0.5 AS s, 1 AS y, ${u} AS u, 100000 - i AS t FROM range(100000) v(i)`;

const MARCH = Date.UTC(2025, 2, 1) / 1000;

describe('the columns user, timestamp, position and displayPropensity', () => {
  let logs: TemporaryLogs;
  before(() => {
    logs = temporaryLogs();
  });
  after(() => logs.remove());

  const ndjson = CSV.trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const values = line.split(',');
      return JSON.stringify(
        Object.fromEntries(['r', 's', 'y', 'u', 't', 'k', 'd'].map((key, i) => [key, values[i]])),
      );
    })
    .join('\n')
    .replaceAll('"y":""', '"y":null');
  const parquet = `SELECT * FROM (VALUES ('7', 0.5, 1, 'b', '2025-03-01T00:00:05Z', 1, 0.5), ('x', 0.25, NULL, 'a', '2025-03-01', 2, 1),
    ('7', 1, 0, 'b', '2025-03-01 02:00:03+02:00', 3, 0.25), ('8', 0.75, 0, 'b', '1970-01-01', 2147483647, 1e-9)) v(r, s, y, u, t, k, d)`;

  for (const [format, path] of [
    ['CSV', () => logs.write('columns.csv', CSV)],
    ['NDJSON', () => logs.write('columns.ndjson', ndjson)],
    ['Parquet', () => logs.writeParquet('columns.parquet', parquet)],
  ] as const) {
    it(`are read from ${format}: one user and the earliest time a request, places and propensities a row`, async () => {
      const log = await readClicks(await path(), COLUMNS);
      expect([...log.requestOffsets]).to.deep.equal([0, 2, 3, 4]);
      expect([...log.userOfRequest!]).to.deep.equal([0, 1, 0]);
      expect([...log.timestampOfRequest!]).to.deep.equal([MARCH + 3, MARCH, 0]);
      expect([...log.position!]).to.deep.equal([1, 3, 2, 2 ** 31 - 1]);
      expect([...log.displayPropensity!]).to.deep.equal([0.5, 0.25, 1, 1e-9]);
    });
  }

  it('are not read where they are not named', async () => {
    const log = await readClicks(logs.write('unnamed.csv', CSV));
    const { userOfRequest, timestampOfRequest, position, displayPropensity } = log;
    expect([userOfRequest, timestampOfRequest, position, displayPropensity]).to.deep.equal(
      Array<undefined>(4).fill(undefined),
    );
  });

  it('take every type of time to seconds since 1970, and numbers as they are', async () => {
    for (const [type, seconds] of [
      ["DATE '2025-03-01'", MARCH],
      ["TIMESTAMP '2025-03-01 00:00:00.5'", MARCH + 0.5],
      ["TIMESTAMP_S '2025-03-01 00:00:01'", MARCH + 1],
      ["TIMESTAMP_MS '2025-03-01 00:00:00.5'", MARCH + 0.5],
      ["TIMESTAMP_NS '2025-03-01 00:00:00.5'", MARCH + 0.5],
      ["TIMESTAMPTZ '2025-03-01 00:00:00-01:00'", MARCH + 3600],
      ['1740787200500', 1740787200500],
      ['20.25::FLOAT', 20.25],
      ["'17e2'", 1700],
    ] as const) {
      const query = `SELECT 1 AS r, 0.5 AS s, 1 AS y, ${type} AS t`;
      const log = await readClicks(await logs.writeParquet('time.parquet', query), { timestamp: 't' });
      expect([...log.timestampOfRequest!], type).to.deep.equal([seconds]);
    }
  });

  it('tell 20,000 users apart, integers and text alike', async () => {
    const numbered = new Map<number, number>();
    const expected = Array.from({ length: 50_000 }, (_, i) => {
      const user = (i * 7) % 20_000;
      if (!numbered.has(user)) numbered.set(user, numbered.size);
      return numbered.get(user)!;
    });
    for (const u of ['(i % 50000 * 7) % 20000', "'user ' || (i % 50000 * 7) % 20000"]) {
      const log = await readClicks(await logs.writeParquet('users.parquet', manyUsers(u)), {
        user: 'u',
        timestamp: 't',
      });
      expect([...log.userOfRequest!]).to.deep.equal(expected);
      expect([...log.timestampOfRequest!]).to.deep.equal(
        Array.from({ length: 50_000 }, (_, i) => 50_000 - i),
      );
    }
  });

  it('are of kept rows alone where rows are dropped', async () => {
    const csv = 'r,s,y,u,t\n1,,1,a,1\n1,0.5,1,b,5\n2,0.5,0,a,3\n1,0.5,0,b,4\n';
    const log = await readClicks(logs.write('dropped.csv', csv), {
      user: 'u',
      timestamp: 't',
      nullScores: 'drop',
    });
    expect([...log.userOfRequest!]).to.deep.equal([0, 1]);
    expect([...log.timestampOfRequest!]).to.deep.equal([4, 3]);
  });

  for (const { why, csv, line } of [
    {
      why: 'a request with two users',
      csv: 'r,s,y,u\n7,1,1,a\n8,1,1,b\n7,1,1,b\n',
      line: ':4: row 3: column "u" (user) is "b", and an earlier row of request "7" has another: expected one user a request',
    },
    {
      why: 'a user that is missing',
      csv: 'r,s,y,u\n7,1,1,a\n8,1,1,\n',
      line: ':3: column "u" (user) is null in 1 row, first in row 2: expected a user identifier',
    },
    {
      why: 'a time that is none',
      csv: 'r,s,y,t\n7,1,1,2025-03-01\n8,1,1,yesterday\n',
      line: ':3: row 2: column "t" (timestamp) is "yesterday": expected a number, a date or a time, such as 2025-03-01T12:30:00Z, and of one kind in all rows',
    },
    {
      why: 'a date where times are numbers',
      csv: 'r,s,y,t\n7,1,1,1740787200\n8,1,1,2025-03-01\n',
      line: ':3: row 2: column "t" (timestamp) is "2025-03-01": expected a number, a date or a time, such as 2025-03-01T12:30:00Z, and of one kind in all rows',
    },
    {
      why: 'a time that is missing',
      csv: 'r,s,y,t\n7,1,1,2025-03-01\n8,1,1,\n',
      line: ':3: column "t" (timestamp) is null in 1 row, first in row 2: expected a number, a date or a time, such as 2025-03-01T12:30:00Z',
    },
    {
      why: 'a place below 1',
      csv: 'r,s,y,k\n7,1,1,0\n',
      line: ':2: row 1: column "k" (position) is "0": expected a whole number from 1 to 2147483647',
    },
    {
      why: 'half a place',
      csv: 'r,s,y,k\n7,1,1,1.5\n',
      line: ':2: row 1: column "k" (position) is "1.5": expected a whole number from 1 to 2147483647',
    },
    {
      why: 'a propensity of 0',
      csv: 'r,s,y,d\n7,1,1,0\n',
      line: ':2: row 1: column "d" (display propensity) is "0": expected a number above 0, up to 1',
    },
  ]) {
    it(`refuse ${why}`, async () => {
      const path = logs.write('refused.csv', csv);
      const header = csv.slice(0, csv.indexOf('\n')).split(',');
      const named = Object.entries(COLUMNS).filter(([, column]) => header.includes(column));
      const error: unknown = await readClicks(path, Object.fromEntries(named)).catch(
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(DomainError);
      expect((error as DomainError).line).to.equal(`${path}${line}`);
    });
  }

  it('refuse a time of another type', async () => {
    const path = await logs.writeParquet(
      'list.parquet',
      "SELECT 1 AS r, 1 AS s, 1 AS y, TIME '12:00:00' AS t",
    );
    const error: unknown = await readClicks(path, { timestamp: 't' }).catch((reason: unknown) => reason);
    expect((error as DomainError).line).to.equal(
      `${path}: column "t" (timestamp) is of type TIME: expected numbers, dates or times`,
    );
  });
});
