import SqliteDatabase from 'better-sqlite3';
import { expect } from 'chai';
import { histogramStatement } from '../../../src/evaluator/histogram/histogram-statement.ts';
import { DUCKDB, type SqlDialect } from '../../../src/evaluator/histogram/sql-dialect.ts';
import type { UtilityHistogram } from '../../../src/evaluator/histogram/utility-histogram.ts';
import { randomStream } from '../../../math/random.ts';
import { type BinnedRow, histogramOf } from './binned-rows.ts';

/** Another engine's, which the tests can run. */
const SQLITE: SqlDialect = {
  double: (value) => value.toExponential(),
  toDouble: (sql) => `CAST(${sql} AS REAL)`,
  clamp: (sql, least, most) => `min(max(${sql}, ${least}), ${most})`,
};

const BINS = 32;
const ORDERINGS = [
  { coefficients: [0.25, 0.75], bins: { lowest: 0.1, scale: 40, count: BINS } },
  { coefficients: [1e-7, -3], bins: { lowest: -3, scale: BINS / 3, count: BINS } },
];

describe('the statement of a histogram', () => {
  it('reads as expected for DuckDB', () => {
    const rows = { sql: '(SELECT 1)', labels: 1, weighted: false };
    expect(histogramStatement(rows, ORDERINGS, DUCKDB).split('\n')).to.deep.equal([
      'WITH vectors (vector, c0, c1, lowest, scale) AS (VALUES ' +
        '(0, 2.5e-1::DOUBLE, 7.5e-1::DOUBLE, 1e-1::DOUBLE, 4e+1::DOUBLE), ' +
        '(1, 1e-7::DOUBLE, -3e+0::DOUBLE, -3e+0::DOUBLE, 1.0666666666666666e+1::DOUBLE))',
      'SELECT CAST(vector AS DOUBLE), CAST(bin AS DOUBLE), CAST(count(y0) AS DOUBLE), CAST(coalesce(sum(y0), 0) AS DOUBLE)',
      'FROM (SELECT vectors.vector AS vector, ' +
        'least(greatest(floor((vectors.c0 * r.x0 + vectors.c1 * r.x1 - vectors.lowest) * vectors.scale), 0e+0::DOUBLE), 3.1e+1::DOUBLE) AS bin, ' +
        'r.y0 FROM (SELECT 1) AS r CROSS JOIN vectors) AS binned',
      'GROUP BY vector, bin',
    ]);
  });

  for (const weighted of [false, true]) {
    it(`counts the same in another engine with a dialect of its own${weighted ? ', with weights' : ''}`, () => {
      const random = randomStream(3, 'dialect');
      const database = new SqliteDatabase(':memory:');
      database.exec('CREATE TABLE log (x0 REAL, x1 REAL, y0 INTEGER, y1 INTEGER, w REAL)');
      const insert = database.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?)');
      const label = (): number | null => (random.uniform() < 0.2 ? null : Number(random.uniform() < 0.3));
      const rows = Array.from({ length: 500 }, () => ({
        x: [random.uniform(), Math.round(10 * random.uniform()) / 10],
        y: [label(), label()],
        w: Math.floor(4 * random.uniform()) / 2,
      }));
      for (const { x, y, w } of rows) insert.run(...x, ...y, w);
      const statement = histogramStatement({ sql: 'log', labels: 2, weighted }, ORDERINGS, SQLITE);
      const counted = database.prepare(statement).raw().all() as number[][];
      database.close();
      for (const [k, { coefficients, bins }] of ORDERINGS.entries()) {
        for (const s of [0, 1]) {
          const expected = histogramOf(
            rows.map(({ x, y, w }): BinnedRow => ({
              utility: coefficients[0]! * x[0]! + coefficients[1]! * x[1]!,
              label: y[s] ?? -1,
              weight: w,
            })),
            bins,
            weighted,
          );
          const found: UtilityHistogram = {
            ...expected,
            positive: new Float64Array(BINS),
            negative: new Float64Array(BINS),
          };
          for (const row of counted.filter(([vector]) => vector === k)) {
            const [first, positive] = row.slice(2 + 2 * s) as [number, number];
            found.positive[row[1]!] = positive;
            found.negative[row[1]!] = weighted ? first : first - positive;
          }
          expect(found).to.deep.equal(expected);
        }
      }
    });
  }
});
