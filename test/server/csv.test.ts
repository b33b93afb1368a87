import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { csvRecord, type CsvValue } from '../../src/server/csv.ts';

/** Text that has a meaning in some reader: separators, quotes, breaks, what looks like a number or like nothing. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from(',"\r\n;\t =a1é😀'), '""', '\r\n'), maxLength: 12 }),
  fc.constantFrom('', ' ', 'null', 'NULL', '-1', '1e5', '"', '""', ',', '#'),
  fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0')),
);
const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const row = fc.tuple(fc.option(double), fc.option(text), fc.option(text), fc.option(double));

describe('csvRecord', () => {
  it('writes plain values as they are, and quotes what RFC 4180 says', () => {
    expect(csvRecord([1, 'a b', null, '', 'a,b', 'say "no"', 'two\nlines', 1e-300])).to.equal(
      '1,a b,,"","a,b","say ""no""","two\nlines",1e-300\r\n',
    );
  });

  it("writes what DuckDB's reader takes for the same numbers and texts, empty text apart from nothing", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pondera-csv-'));
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    let files = 0;
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
          const file = join(folder, `${files++}.csv`);
          const records: readonly (readonly CsvValue[])[] = [['a', 'b', 'c', 'd'], ...rows];
          writeFileSync(file, records.map(csvRecord).join(''));
          const result = await connection.runAndReadAll(
            `select * from read_csv('${file}', header = true, delim = ',', quote = '"', escape = '"', new_line = '\\r\\n',
              auto_detect = false, allow_quoted_nulls = false, parallel = false,
              columns = {a: 'double', b: 'varchar', c: 'varchar', d: 'double'})`,
          );
          expect(result.getRows()).to.deep.equal(rows);
        }),
        { seed: 3, numRuns: 150 },
      );
    } finally {
      connection.closeSync();
      instance.closeSync();
      rmSync(folder, { recursive: true });
    }
  });
});
