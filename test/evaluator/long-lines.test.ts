import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { readReadoutFile } from '../../src/service/read-readout-file.ts';
import { describeLog } from '../../src/evaluator/log/describe-log.ts';
import { readClicks, type TemporaryLogs, temporaryLogs } from './temporary-log.ts';

/** Twice the buffers of DuckDB's reader of CSV, which takes lines of 2 MB. */
const LONG = 'z'.repeat(70e6);

const EXPECTED =
  /: the line is too long, or has not 3 values as the header: expected at most 2 MB, or Parquet$/;

describe('a line of CSV that is longer than it may be', function () {
  this.timeout(60_000);
  let logs: TemporaryLogs;
  before(() => (logs = temporaryLogs()));
  after(() => logs.remove());

  const written = (name: string, header: string, rows: readonly string[]): string => {
    const path = `${logs.folder}/${name}`;
    const text = `${header}\n${rows.join('\n')}\n`;
    writeFileSync(path, name.endsWith('.gz') ? gzipSync(text, { level: 1 }) : text);
    return path;
  };
  for (const [place, rowsAfter] of [
    ['the last', 0],
    ['followed by another', 1],
  ] as const) {
    it(`is refused in a readout, be it ${place}`, async () => {
      const users = Array.from({ length: 94 }, (_, i) => `u${i},baseline,1`);
      const rows = [...users, `${LONG},baseline,1`, ...users.slice(0, rowsAfter)];
      for (const name of ['users.csv', 'users.csv.gz']) {
        const path = written(name, 'user_id,arm,saves', rows);
        const request = {
          arm: 'arm',
          unit: 'user_id',
          columns: {},
          covariates: {},
          nulls: 'refuse',
        } as const;
        const reading = readReadoutFile(
          { ...request, path, adjusted: false },
          { kinds: { saves: 'volume' } },
        );
        expect(await lineOf(reading))
          .to.match(EXPECTED)
          .and.contain(`${path}:96`);
      }
    });
  }

  it('is told for what it is where it fills no buffer', async () => {
    const path = written('longish.csv', 'r,s,y', ['1,0.5,1', `${LONG.slice(0, 3e6)},0.5,1`]);
    const told = `${path}:3: the line is too long: expected at most 2 MB, or Parquet`;
    expect(await lineOf(describeLog([path]))).to.equal(told);
  });

  it('is not one that is as long as it may be', async () => {
    const path = written('long.csv', 'r,s,y', ['1,0.5,1', `${LONG.slice(0, 1.99e6)},0.5,1`]);
    expect((await describeLog([path])).rows).to.equal(2);
  });

  it('hides no quote that is never closed behind it', async () => {
    const path = written('quote.csv', 'r,s,y', [
      '1,0.5,1',
      '2,"0.5,1',
      ...Array<string>(300_000).fill('1,0.5,1'),
    ]);
    expect(await lineOf(describeLog([path]))).to.match(/:3: a quoted value is never closed/);
  });

  it('is refused in a log, as the last one too', async () => {
    const rows = [...Array.from({ length: 94 }, (_, i) => `r${i},0.5,1`), `${LONG},0.5,1`];
    const path = written('log.csv', 'r,s,y', rows);
    expect(await lineOf(readClicks(path))).to.match(EXPECTED);
    expect(await lineOf(describeLog([path]))).to.match(EXPECTED);
  });
});

async function lineOf(reading: Promise<unknown>): Promise<string> {
  return reading.then(
    () => expect.fail('it was read'),
    (error: unknown) => (error as { line: string }).line,
  );
}
