import { readFileSync, rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { headSchema } from '../../src/domain/log.ts';
import { DomainError } from '../../src/domain/errors.ts';
import type { LogRequest } from '../../src/evaluator/read-log.ts';
import { readClicks, type TemporaryLogs, temporaryLogs } from './temporary-log.ts';

interface Refusal {
  readonly why: string;
  readonly name: string;
  readonly content?: string | Buffer;
  readonly query?: string;
  readonly changes?: Partial<LogRequest>;
  readonly code: 'log_unreadable' | 'log_invalid';
  /** The line after the name of the file. */
  readonly line: string;
}

const score = 'column "s" (score of head click)';
const label = 'column "y" (label of head click)';
const manyRows = `r,s,y\n${Array.from({ length: 4000 }, (_, i) => `${i},${((i * 7919) % 1000) / 1000},0\n`).join('')}`;
const gzipped = gzipSync(manyRows);
const flipped = Buffer.from(gzipped);
flipped[flipped.length >> 1]! ^= 0xff;
const objects = '{"r":1,"s":0.5,"y":1}\n'.repeat(30_000);

const unreadable: readonly Omit<Refusal, 'code'>[] = [
  { why: 'a file that is not there', name: 'nowhere.csv', line: ': no such file: expected the log' },
  {
    why: 'a name that tells no format',
    name: 'log.txt',
    content: 'r,s,y\n',
    line: ': unknown kind of log: expected a name that ends in .parquet, .csv, .csv.gz, .csv.zst, .ndjson, .ndjson.gz, .ndjson.zst, .jsonl, .jsonl.gz, .jsonl.zst',
  },
  { why: 'an empty file', name: 'a.csv', content: '', line: ': is empty (0 bytes): expected impressions' },
  {
    why: 'an empty file in gzip',
    name: 'a.csv.gz',
    content: '',
    line: ': is empty (0 bytes when decompressed): expected impressions',
  },
  {
    why: 'blank lines',
    name: 'a.csv',
    content: '\n\n',
    line: ': holds only blank lines: expected impressions',
  },
  {
    why: 'blank NDJSON lines',
    name: 'a.ndjson',
    content: '\n',
    line: ': holds only blank lines: expected impressions',
  },
  {
    why: 'gzip under a name that does not say so',
    name: 'a.csv',
    content: gzipped,
    line: ': is gzip data: expected a name that says so, and ends in .csv.gz or .ndjson.gz',
  },
  {
    why: 'gzip cut before its checksum, between two rows',
    name: 'a.csv.gz',
    content: gzipped.subarray(0, gzipped.length - 8),
    line: ': the gzip data is truncated: expected a whole file',
  },
  {
    why: 'gzip cut in the middle',
    name: 'a.csv.gz',
    content: gzipped.subarray(0, gzipped.length >> 1),
    line: ': the gzip data is truncated: expected a whole file',
  },
  {
    why: 'plain text that is named gzip',
    name: 'a.csv.gz',
    content: Buffer.from('r,s,y\n1,0.5,1\n'),
    line: ': is not gzip data: expected what the name says, a gzip file',
  },
  {
    why: 'a CSV row with too few values',
    name: 'a.csv',
    content: 'r,s,y\n1,0.5,1\n1,0.5\n2,0.1,0\n',
    line: ':3: the row has 2 values: expected 3, as in the header',
  },
  {
    why: 'a CSV row with too many values',
    name: 'a.csv',
    content: 'r,s,y\n1,0.5,1\n1,0.5,0,7\n2,0.1,0\n',
    line: ':3: the row has 4 values: expected 3, as in the header',
  },
  {
    why: 'a CSV log cut inside its last row, far from its start',
    name: 'a.csv',
    content: `r,s,y\n${'1,0.5,1\n'.repeat(600_000)}1,0.`,
    line: ':600002: the row has 2 values: expected 3, as in the header',
  },
  {
    why: 'a quote that is never closed',
    name: 'a.csv',
    content: 'r,s,y\n1,0.5,1\n1,"0.5,0\n2,0.1,0\n',
    line: ':3: a quoted value is never closed: expected "',
  },
  {
    why: 'text that is not UTF-8',
    name: 'a.csv',
    content: Buffer.from('r,s,y\n\xe9,0.5,1\n', 'latin1'),
    line: ':2: the text is not UTF-8: expected UTF-8',
  },
  {
    why: 'broken JSON',
    name: 'a.ndjson',
    content: '{"r":1,"s":0.5,"y":1}\n{"r":1,"s":\n{"r":1,"s":0.5,"y":1}\n',
    line: ':2: the line is not a JSON object: expected one object a line',
  },
  {
    why: 'an NDJSON log cut inside its last row, far from its start',
    name: 'a.ndjson',
    content: `${objects}{"r":1,"s":0.5,"y"`,
    line: ':30001: the line is not a JSON object: expected one object a line',
  },
  {
    why: 'JSON that is no object',
    name: 'a.ndjson',
    content: '[{"r":1,"s":0.5,"y":1}]\n',
    line: ':1: the line is not a JSON object: expected one object a line',
  },
  {
    why: 'something else that is named Parquet',
    name: 'a.parquet',
    content: 'r,s,y\n1,0.5,1\n',
    line: ': is not a whole Parquet file (its end is missing): truncated, or of another kind',
  },
  {
    why: 'a log that breaks while its segments are looked for',
    name: 'a.csv',
    content: 'r,s,y,g\n1,0.5,1,a\n1,0.5\n',
    changes: { segment: 'g' },
    line: ':3: the row has 2 values: expected 4, as in the header',
  },
];

const invalid: readonly Omit<Refusal, 'code'>[] = [
  {
    why: 'a header alone',
    name: 'a.csv',
    content: 'r,s,y\n',
    line: ': has columns but no rows: expected impressions',
  },
  {
    why: 'a Parquet file without rows',
    name: 'a.parquet',
    query: 'SELECT 1 AS r, 0.5 AS s, 1 AS y WHERE false',
    line: ': has columns but no rows: expected impressions',
  },
  {
    why: 'a column that the log does not have',
    name: 'a.csv',
    content: 'r,S,label\n1,0.5,1\n',
    line: ': the log has no column "s" (score of head click); did you mean "S"? Its columns are r, S, label',
  },
  {
    why: 'a column that nothing resembles',
    name: 'a.ndjson',
    content: '{"r":1,"s":0.5,"label":1}\n',
    line: ': the log has no column "y" (label of head click); its columns are r, s, label',
  },
  {
    why: 'a column that stands there twice',
    name: 'a.csv',
    content: 'r,s,y,s\n1,0.5,1,0.5\n',
    line: `: the log has two columns "s" (score of head click): expected one`,
  },
  ...['abc', '1.5', '-0.1', 'NaN', 'inf', '1e999'].map((value) => ({
    why: `the score ${value}`,
    name: 'a.csv',
    content: `r,s,y\n1,0.5,1\n\n1,${value},0\n2,0.1,0\n`,
    line: `:4: row 2: ${score} is "${value}": expected a number from 0 to 1`,
  })),
  {
    why: 'the first of two bad values',
    name: 'a.ndjson',
    content: `${objects}{"r":1,"s":0.5,"y":2}\n{"r":1,"s":2,"y":2}\n`,
    line: `:30001: row 30001: ${label} is "2": expected 0, 1 or empty`,
  },
  {
    why: 'a bad score in the 70,001st row of a Parquet file',
    name: 'a.parquet',
    query: `SELECT i AS r, CASE WHEN i = 70000 THEN 'nan'::DOUBLE ELSE 0.5 END AS s, 1 AS y FROM range(200000) t(i)`,
    line: `: row 70001: ${score} is "nan": expected a number from 0 to 1`,
  },
  {
    why: 'scores of a type that is no number',
    name: 'a.parquet',
    query: `SELECT 1 AS r, DATE '2026-01-01' AS s, 1 AS y`,
    line: `: ${score} is of type DATE: expected numbers from 0 to 1`,
  },
  {
    why: 'booleans as scores',
    name: 'a.parquet',
    query: 'SELECT 1 AS r, true AS s, 1 AS y',
    line: `: ${score} is of type BOOLEAN: expected numbers from 0 to 1`,
  },
  ...['2', '0.5', 'yes', '-1'].map((value) => ({
    why: `the label ${value}`,
    name: 'a.csv',
    content: `r,s,y\n1,0.5,1\n1,0.5,${value}\n`,
    line: `:3: row 2: ${label} is "${value}": expected 0, 1 or empty`,
  })),
  ...['5', '0.5', '-1', '1.5'].map((value) => ({
    why: `the grade ${value}`,
    name: 'a.csv',
    content: `r,s,y\n1,0.5,4\n1,0.5,${value}\n`,
    changes: { heads: { click: headSchema.parse({ score: 's', label: 'y', maxGrade: 4 }) } },
    line: `:3: row 2: ${label} is "${value}": expected a whole number from 0 to 4, or empty`,
  })),
  {
    why: 'a bad label after a quoted value, by row, as its line is not certain',
    name: 'a.csv',
    content: 'r,s,y\n"a\nb",0.5,1\n1,0.5,2\n',
    line: `: row 2: ${label} is "2": expected 0, 1 or empty`,
  },
  {
    why: 'null scores, with their count',
    name: 'a.csv',
    content: 'r,s,y\n1,0.5,1\n1,,0\n2,0.1,0\n2,,0\n',
    line: `:3: ${score} is null in 2 rows, first in row 2: expected a number from 0 to 1, or nullScores: drop`,
  },
  {
    why: 'null scores in every row when they are dropped',
    name: 'a.csv',
    content: 'r,s,y\n1,,1\n1,,0\n',
    changes: { nullScores: 'drop' },
    line: ': has a null score in every row (2 dropped): expected impressions',
  },
  {
    why: 'a bad score when null ones are dropped',
    name: 'a.csv',
    content: 'r,s,y\n1,,1\n1,7,0\n',
    changes: { nullScores: 'drop' },
    line: `:3: row 2: ${score} is "7": expected a number from 0 to 1`,
  },
  {
    why: 'a null request',
    name: 'a.csv',
    content: 'r,s,y\n1,0.5,1\n,0.5,0\n',
    line: ':3: column "r" (request) is null in 1 row, first in row 2: expected a request identifier',
  },
  {
    why: 'a null baseline score',
    name: 'a.csv',
    content: 'r,s,y,b\n1,0.5,1,\n',
    changes: { baselineScore: 'b' },
    line: ':2: column "b" (baseline score) is null in 1 row, first in row 1: expected a finite number',
  },
  {
    why: 'an infinite baseline score',
    name: 'a.csv',
    content: 'r,s,y,b\n1,0.5,1,inf\n',
    changes: { baselineScore: 'b' },
    line: ':2: row 1: column "b" (baseline score) is "inf": expected a finite number',
  },
  ...['-1', 'x', 'inf', '1e101', '1e-101'].map((value) => ({
    why: `the weight ${value}`,
    name: 'a.csv',
    content: `r,s,y,w\n1,0.5,1,0\n1,0.5,0,${value}\n`,
    changes: { weight: 'w' },
    line: `:3: row 2: column "w" (weight) is "${value}": expected 0, or a number from 1e-100 to 1e100`,
  })),
  {
    why: 'a null weight',
    name: 'a.csv',
    content: 'r,s,y,w\n1,0.5,1,\n',
    changes: { weight: 'w' },
    line: ':2: column "w" (weight) is null in 1 row, first in row 1: expected 0, or a number from 1e-100 to 1e100',
  },
  {
    why: 'weights that are all 0',
    name: 'a.csv',
    content: 'r,s,y,w\n1,0.5,1,0\n1,0.5,0,0\n',
    changes: { weight: 'w' },
    line: ': column "w" (weight) is 0 in every row: expected a weight above 0',
  },
  {
    why: 'weights of a type that is no number',
    name: 'a.parquet',
    query: `SELECT 1 AS r, 0.5 AS s, 1 AS y, true AS w`,
    changes: { weight: 'w' },
    line: ': column "w" (weight) is of type BOOLEAN: expected numbers of 0 or more',
  },
  {
    why: 'a weight column that the log does not have',
    name: 'a.csv',
    content: 'r,s,y,weigth\n1,0.5,1,1\n',
    changes: { weight: 'weight' },
    line: ': the log has no column "weight" (weight); did you mean "weigth"? Its columns are r, s, y, weigth',
  },
  ...['0', '1.5', 'no'].map((value) => ({
    why: `the examination ${value}`,
    name: 'a.csv',
    content: `r,s,y,e\n1,0.5,1,1\n1,0.5,0,${value}\n`,
    changes: { examination: 'e' },
    line: `:3: row 2: column "e" (examination) is "${value}": expected a number above 0, up to 1`,
  })),
  {
    why: 'a segment column that names no segments',
    name: 'a.csv',
    content: `r,s,y,g\n${Array.from({ length: 101 }, (_, i) => `1,0.5,1,user ${i}\n`).join('')}`,
    changes: { segment: 'g' },
    line: ': column "g" (segment) has more than 100 values: expected the names of segments',
  },
];

const refusals: readonly Refusal[] = [
  ...unreadable.map((refusal) => ({ ...refusal, code: 'log_unreadable' as const })),
  ...invalid.map((refusal) => ({ ...refusal, code: 'log_invalid' as const })),
];

async function refusalOf(path: string, changes: Partial<LogRequest> | undefined): Promise<DomainError> {
  try {
    await readClicks(path, changes);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('the log was read');
}

describe('readLog refuses, in one line,', () => {
  let logs: TemporaryLogs;
  beforeEach(() => {
    logs = temporaryLogs();
  });
  afterEach(() => logs.remove());

  for (const { why, name, content, query, changes, code, line } of refusals) {
    it(why, async () => {
      const path =
        query === undefined ? logs.write(name, content ?? '') : await logs.writeParquet(name, query);
      if (content === undefined && query === undefined) rmSync(path);
      const error = await refusalOf(path, changes);
      expect(error.line).to.equal(`${path}${line}`);
      expect(error.code).to.equal(code);
      expect(error.message).to.not.include('\n');
    });
  }

  it('a folder', async () => {
    const path = logs.write('a.csv', '').replace('/a.csv', '');
    expect((await refusalOf(path, {})).line).to.equal(
      `${path}: is not a file: expected log files, or a pattern such as folder/*.parquet`,
    );
  });

  it('a Parquet file that is cut or overwritten', async () => {
    const query = 'SELECT i AS r, random() AS s, 1 AS y FROM range(50000) t(i)';
    const whole = readFileSync(await logs.writeParquet('whole.parquet', query));
    const cut = logs.write('cut.parquet', whole.subarray(0, whole.length - 100));
    const expected = 'is not a whole Parquet file (its end is missing): truncated, or of another kind';
    expect((await refusalOf(cut, {})).line).to.equal(`${cut}: ${expected}`);
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 1000, whole.length >> 1);
    const path = logs.write('damaged.parquet', damaged);
    expect((await refusalOf(path, {})).line).to.match(
      /damaged\.parquet: the Parquet file is damaged: [^\n/]+$/,
    );
  });

  it('gzip data with a flipped byte', async () => {
    const path = logs.write('a.csv.gz', flipped);
    expect((await refusalOf(path, {})).line).to.match(
      /a\.csv\.gz: the gzip data is damaged \([^\n]+\): expected a whole file$/,
    );
  });
});
