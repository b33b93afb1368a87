import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { DomainError } from '../../../src/domain/errors.ts';
import { readUserReadout } from '../../../src/evaluator/readouts/read-user-readout.ts';
import type { UserReadoutRequest } from '../../../src/evaluator/readouts/user-readout-request.ts';
import { type TemporaryLogs, temporaryLogs } from '../temporary-log.ts';

const HEADER = 'user,arm,saves,clicks,before\n';
const GOOD = 'u1,a,1,2,3\nu2,a,0,1,1\nu3,b,1,0,2\nu4,b,0,4,1\n';

interface Refusal {
  readonly name?: string;
  readonly content?: string | Buffer;
  readonly changes?: Partial<UserReadoutRequest>;
  /** After the name of the file. */
  readonly line: string;
}

const saves = 'column "saves" (metric saver)';
const manyRows = Buffer.from(HEADER + GOOD.repeat(2000));

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'a file that is not there': { name: 'none.csv', line: ': no such file: expected the readout' },
  'a name that tells no format': {
    name: 'readout.xlsx',
    content: 'x',
    line: ': unknown kind of readout: expected a name that ends in .parquet, .csv, .csv.gz, .csv.zst, .ndjson, .ndjson.gz, .ndjson.zst, .jsonl, .jsonl.gz, .jsonl.zst',
  },
  'an empty file': { content: '', line: ': is empty (0 bytes): expected rows of users or of arms' },
  'blank lines': { content: '\n\n', line: ': holds only blank lines: expected rows of users or of arms' },
  'a header alone': { content: HEADER, line: ': has no rows below its header: expected one a user' },
  'gzip that was cut off': {
    name: 'a.csv.gz',
    content: gzipSync(manyRows).subarray(0, 60),
    line: ': the gzip data is truncated: expected a whole file',
  },
  'Parquet that is none': {
    name: 'a.parquet',
    content: 'PAR1 and more text that is no Parquet',
    line: ': is not a whole Parquet file (its end is missing): truncated, or of another kind',
  },
  'a row of too few values': {
    content: `${HEADER}${GOOD}u5,a,1\n`,
    line: ':6: the row has 3 values: expected 5, as in the header',
  },
  'a column that is not there': {
    content: HEADER.replace('saves', 'save') + GOOD,
    line: ': the readout has no column "saves" (metric saver); did you mean "save"? Its columns are user, arm, save, clicks, before',
  },
  'an arm column that is not there': {
    content: HEADER + GOOD,
    changes: { arm: 'variant' },
    line: ': the readout has no column "variant" (arm); its columns are user, arm, saves, clicks, before',
  },
  'a column that is there twice': {
    content: HEADER.replace('before', 'saves') + GOOD,
    changes: { metrics: { saver: { kind: 'propensity', column: 'saves' } } },
    line: ': the readout has two columns "saves" (metric saver): expected one',
  },
  'a row without an arm': {
    content: `${HEADER}${GOOD}u5,,1,2,3\n`,
    line: ':6: row 5: column "arm" (arm) is empty: expected the name of an arm',
  },
  'a row without a unit': {
    content: `${HEADER}${GOOD},a,1,2,3\n`,
    line: ':6: row 5: column "user" (user) is empty: expected who the row is of',
  },
  'an arm of another experiment': {
    content: `${HEADER}${GOOD}u5,c,1,2,3\n`,
    changes: { arms: ['a', 'b'] },
    line: ':6: row 5: column "arm" (arm) is "c": expected one of a, b',
  },
  'an arm whose name no platform takes': {
    content: `${HEADER}${GOOD}u5,arm c,1,2,3\n`,
    line: ': column "arm" (arm) is "arm c": expected a name of up to 64 letters, digits, _, . and -',
  },
  'the unit for the arm': {
    content: `${HEADER}${Array.from({ length: 101 }, (_, i) => `u${i},a,1,2,3\n`).join('')}`,
    changes: { arm: 'user' },
    line: ': column "user" (arm) has 101 values, such as "u0": expected the names of at most 100 arms',
  },
  'an empty value': {
    content: `${HEADER}${GOOD}u5,a,,2,3\n`,
    line: `:6: row 5: ${saves} is empty: expected 0, 1 or another count, or the readout with empty values taken for 0 (--empty-is-zero)`,
  },
  'a share for a propensity': {
    content: `${HEADER}${GOOD}u5,a,0.5,2,3\n`,
    line: `:6: row 5: ${saves} is "0.5": expected 0, 1 or another count`,
  },
  'a count below 0': {
    content: `${HEADER}${GOOD}u5,a,-1,2,3\n`,
    line: `:6: row 5: ${saves} is "-1": expected 0, 1 or another count`,
  },
  'text for a number': {
    content: `${HEADER}${GOOD}u5,a,1,many,3\n`,
    line: ':6: row 5: column "clicks" (metric click) is "many": expected a number, up to 1e+40 in size',
  },
  'a covariate without end': {
    content: `${HEADER}${GOOD}u5,a,1,2,inf\n`,
    line: ':6: row 5: column "before" (covariate of click) is "inf": expected a number, up to 1e+40 in size',
  },
  'a number that is too large': {
    content: `${HEADER}${GOOD}u5,a,1,1e41,3\n`,
    line: ':6: row 5: column "clicks" (metric click) is "1e41": expected a number, up to 1e+40 in size',
  },
  'the first of several bad values': {
    content: `${HEADER}u0,a,1,x,3\n${GOOD}u5,a,y,2,3\n`,
    line: ':2: row 1: column "clicks" (metric click) is "x": expected a number, up to 1e+40 in size',
  },
  'a unit in two arms': {
    content: `${HEADER}${GOOD}u1,b,1,2,3\n`,
    line: ':6: rows 1 and 5: unit "u1" (column "user") is in the arms a and b: expected one arm a unit',
  },
  'several units in two arms': {
    content: `${HEADER}${GOOD}u3,a,1,2,2\nu4,a,1,2,1\nu1,b,1,2,3\n`,
    line: ':8: rows 1 and 7: unit "u1" (column "user") is in the arms a and b: expected one arm a unit (and so are 2 more)',
  },
  'a covariate that moves within a unit': {
    content: `${HEADER}${GOOD}u1,a,1,2,4\n`,
    line: ': column "before" (covariate of click) has several values for unit "u1": expected the same in all rows of a unit, as it is of the time before',
  },
  'an arm of one unit': {
    content: `${HEADER}${GOOD}u5,c,1,2,3\n`,
    line: ': arm "c" has 1 unit: expected 2 or more',
  },
};

describe('readouts of users are refused, in one line, for', () => {
  let files: TemporaryLogs;
  before(() => {
    files = temporaryLogs();
  });
  after(() => files.remove());

  for (const [why, { name = 'a.csv', content, changes = {}, line }] of Object.entries(REFUSALS)) {
    it(why, async () => {
      const path = content === undefined ? `${files.folder}/${name}` : files.write(name, content);
      const request: UserReadoutRequest = {
        path,
        arm: 'arm',
        unit: 'user',
        nulls: 'refuse',
        metrics: {
          saver: { kind: 'propensity', column: 'saves' },
          click: { kind: 'volume', column: 'clicks', covariate: 'before' },
        },
        ...changes,
      };
      const error = await readUserReadout(request).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(DomainError);
      expect((error as DomainError).code).to.equal('readout_invalid');
      expect((error as DomainError).line).to.equal(`${path}${line}`);
    });
  }

  it('a unit that is in another arm in the second of several files', async () => {
    const first = files.write('crossed/a.csv', HEADER + GOOD);
    const second = files.write('crossed/b.csv', `${HEADER}u1,b,1,2,3\n`);
    const error = await readUserReadout({
      path: [first, second],
      arm: 'arm',
      unit: 'user',
      nulls: 'refuse',
      metrics: { click: { kind: 'volume', column: 'clicks' } },
    }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect((error as DomainError).message).to.equal(
      'unit "u1" (column "user") is in the arms a and b: expected one arm a unit',
    );
  });

  it('a bad value in the second of several files, where it stands there', async () => {
    const first = files.write('two/a.csv', HEADER + GOOD);
    const second = files.write('two/b.csv', `${HEADER}u7,a,1,2,3\nu8,a,1,x,3\n`);
    const error = await readUserReadout({
      path: [first, second],
      arm: 'arm',
      nulls: 'refuse',
      metrics: { click: { kind: 'volume', column: 'clicks' } },
    }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect((error as DomainError).line).to.equal(
      `${second}:3: row 2: column "clicks" (metric click) is "x": expected a number, up to 1e+40 in size`,
    );
  });
});
