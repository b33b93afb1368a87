import { expect } from 'chai';
import { DuckDBInstance } from '@duckdb/node-api';
import { calibrate } from '../../../src/evaluator/calibrate.ts';
import { calibratedSql } from '../../../src/evaluator/histogram/sound-rows.ts';

describe('calibratedSql', () => {
  it('is what calibration makes of a score in memory, to the bit', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const scores = Float64Array.of(0, 1e-9, 0.1, 0.333, 0.9, 1);
    for (const negativeKeepRate of [0.01, 0.1, 0.7]) {
      const expected = scores.slice();
      calibrate(expected, negativeKeepRate);
      for (const calibration of ['beta', undefined] as const) {
        const sql = [...scores].map((s) =>
          calibratedSql(`(${s}::DOUBLE)`, { calibration, negativeKeepRate }),
        );
        const [row] = (await connection.runAndReadAll(`SELECT ${sql.join(', ')}`)).getRows();
        expect(row).to.deep.equal([...expected]);
      }
    }
    connection.closeSync();
    instance.closeSync();
  });

  it('leaves the score where nothing is to be undone, or nothing is asked for', () => {
    expect(calibratedSql('s', { calibration: 'none', negativeKeepRate: 0.1 })).to.equal('s');
    expect(calibratedSql('s', { calibration: undefined, negativeKeepRate: 1 })).to.equal('s');
  });

  it('refuses a calibration that is fitted to labels', () => {
    expect(() => calibratedSql('s', { calibration: 'isotonic', negativeKeepRate: 1 })).to.throw(RangeError);
  });
});
