import { expect } from 'chai';
import { DomainError } from '../../../src/domain/errors.ts';
import { readoutSchema } from '../../../src/domain/readout.ts';
import { isOfArms } from '../../../src/evaluator/readouts/arm-rows.ts';
import { type ArmReadoutRequest, readArmReadout } from '../../../src/evaluator/readouts/read-arm-readout.ts';
import { armMeans } from '../../../src/online/readouts/arm-means.ts';
import { type TemporaryLogs, temporaryLogs } from '../temporary-log.ts';

const MEANS = `arm,metric,mean,sem,n,comment
baseline,click,1.25,0.01,1000,served today
baseline,saver,0.2,0.0126,1000,
a,click,1.5,0.02,900,
a,saver,0.25,0.0144,900,
`;
const KINDS = { click: 'volume', saver: 'propensity' } as const;

interface Refusal {
  readonly content: string;
  readonly changes?: Partial<ArmReadoutRequest>;
  /** After the name of the file. */
  readonly line: string;
}

const row = (text: string): string => `${MEANS}${text}\n`;

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'a file without metrics': {
    content: 'arm,mean\na,1\n',
    line: ': the readout has no column "metric" (metric); its columns are arm, mean',
  },
  'a header alone': {
    content: 'arm,metric,mean,sem,n\n',
    line: ': has no rows below its header: expected one an arm and metric',
  },
  'rows of users': {
    content: `arm,metric,mean,sem,n\n${'a,click,1,0.1,10\n'.repeat(10_001)}`,
    line: ': has more than 10000 rows: expected one an arm and metric',
  },
  'a row without an arm': {
    content: row(',click,1,0.1,10,'),
    line: ':6: row 5 has no arm: expected the name of one',
  },
  'a row without a metric': {
    content: row('b,,1,0.1,10,'),
    line: ':6: row 5 has no metric: expected the name of one',
  },
  'an arm of another experiment': {
    content: row('b,click,1,0.1,10,'),
    changes: { arms: ['baseline', 'a'] },
    line: ':6: row 5 is of arm "b": expected one of baseline, a',
  },
  'an arm whose name no platform takes': {
    content: row('b 1,click,1,0.1,10,'),
    line: ':6: row 5 is of arm "b 1": expected up to 64 letters, digits, _, . and -',
  },
  'a metric that nobody planned': {
    content: row('a,clicks,1,0.1,900,'),
    line: ':6: row 5 is of metric "clicks": expected one of click, saver',
  },
  'a metric of no kind': {
    content: MEANS,
    changes: { kinds: undefined },
    line: ':2: row 1 has no kind: expected a column kind of propensity or volume',
  },
  'a kind that there is not': {
    content: 'arm,metric,kind,mean,sem,n\na,click,rate,1,0.1,10\n',
    changes: { kinds: undefined },
    line: ':2: row 1 has the kind "rate": expected propensity or volume',
  },
  'another kind than planned': {
    content: 'arm,metric,kind,mean,sem,n\na,click,propensity,1,0.1,10\n',
    line: ':2: row 1 has the kind propensity: expected volume, which click is',
  },
  'a metric of two kinds': {
    content: 'arm,metric,kind,mean,sem,n\na,click,volume,1,0.1,10\nb,click,propensity,0.5,0.1,10\n',
    changes: { kinds: undefined },
    line: ':3: row 2 is a propensity and before a volume: expected one kind',
  },
  'a row that is there twice': {
    content: row('a,click,1,0.1,900,'),
    line: ':6: row 5 has click of a a second time: expected each once',
  },
  'a mean without an error': {
    content: row('b,click,1,,10,'),
    line: ':6: row 5 sem: is missing: expected a number',
  },
  'an error below 0': {
    content: row('b,click,1,-0.1,10,'),
    line: ':6: row 5 sem: is -0.1: expected a number >= 0',
  },
  'nothing measured': {
    content: row('b,click,,0.1,10,'),
    line: ':6: row 5 has none of mean, lift and sum: expected mean and sem, lift and sem, or sum, sum_of_squares and n',
  },
  'a mean that is no number': {
    content: row('b,click,1.2%,0.1,10,'),
    line: ':6: row 5 has a mean of "1.2%": expected a number',
  },
  'half a user': {
    content: row('b,click,1,0.1,10.5,'),
    line: ':6: row 5 has a n of 10.5: expected a whole number from 1',
  },
  'arms of unknown size': {
    content: 'arm,metric,mean,sem\na,click,1,0.1\n',
    line: ': arm "a" has no number of units: expected a column n, or units',
  },
  'an arm of two sizes': {
    content: row('b,click,1,0.1,10,\nb,saver,0.1,0.1,11,'),
    line: ':7: row 6 says that b has 11 units, and an earlier row 10: expected one number, or a column units beside n',
  },
  'means and lifts of one metric': {
    content: 'arm,metric,mean,lift,sem,n\na,click,1,,0.1,10\nb,click,,0.1,0.1,10\n',
    line: ': arms: mixes means and lifts: expected one form for all arms of a metric',
  },
  'a covariate in part': {
    content: 'arm,metric,n,sum,sum_of_squares,covariate_sum\na,click,10,5,5,3\n',
    line: ':2: row 1 has part of a covariate: expected covariate_sum, covariate_sum_of_squares and covariate_sum_of_products, or none',
  },
  'sums that no numbers have': {
    content: 'arm,metric,n,sum,sum_of_squares\na,click,10,50,5\n',
    line: ':2: row 1 has a sumOfSquares of 5: expected at least sum²/n = 250',
  },
};

describe('readouts of arms', () => {
  let files: TemporaryLogs;
  before(() => {
    files = temporaryLogs();
  });
  after(() => files.remove());

  const read = (content: string, changes: Partial<ArmReadoutRequest> = {}) =>
    readArmReadout({ path: files.write('arms.csv', content), kinds: KINDS, adjusted: false, ...changes });

  it('are what the rows say, further columns left alone', async () => {
    expect(await read(MEANS)).to.deep.equal({
      units: { baseline: 1000, a: 900 },
      metrics: {
        click: {
          kind: 'volume',
          adjusted: false,
          arms: { baseline: { mean: 1.25, sem: 0.01, n: 1000 }, a: { mean: 1.5, sem: 0.02, n: 900 } },
        },
        saver: {
          kind: 'propensity',
          adjusted: false,
          arms: { baseline: { mean: 0.2, sem: 0.0126, n: 1000 }, a: { mean: 0.25, sem: 0.0144, n: 900 } },
        },
      },
    });
  });

  it('are the same in Parquet, and in the order of the planned arms', async () => {
    const source = files.write('source.csv', MEANS);
    const path = await files.writeParquet('arms.parquet', `SELECT * FROM read_csv('${source}')`);
    const arms = ['a', 'baseline', 'b'];
    const readout = await readArmReadout({ path, kinds: KINDS, adjusted: false, arms });
    expect(readout).to.deep.equal(await read(MEANS));
    expect(Object.keys(readout.units)).to.deep.equal(['a', 'baseline']);
    expect(Object.keys(readout.metrics['click']!.arms)).to.deep.equal(['a', 'baseline']);
  });

  it('are lifts, with the units of arms beside', async () => {
    const text =
      'arm,metric,lift,sem,units\nbaseline,click,0,0.01,1000\na,click,0.02,0.015,990\na,saver,-0.01,0.02,990\n';
    const { units, metrics } = await read(text);
    expect(units).to.deep.equal({ baseline: 1000, a: 990 });
    expect(metrics['saver']!.arms).to.deep.equal({ a: { lift: -0.01, sem: 0.02 } });
  });

  it('are sums with a covariate, with the kind in the file, adjusted before or not', async () => {
    const header =
      'arm,metric,kind,n,sum,sum_of_squares,covariate_sum,covariate_sum_of_squares,covariate_sum_of_products';
    const text = `${header}\na,click,volume,4,10,30,8,20,24\nb,click,volume,4,12,40,8,20,26\n`;
    const { units, metrics } = await read(text, { kinds: undefined });
    const window = { start: '2026-03-01', end: '2026-03-15' };
    const readout = readoutSchema.parse({ window, units, metrics });
    expect(armMeans(readout.metrics['click']!)!.map(({ n }) => n)).to.deep.equal([4, 4]);
    expect((await read(MEANS, { adjusted: true })).metrics['click']!.adjusted).to.equal(true);
  });

  it('are told from rows of users by their columns', async () => {
    expect(await isOfArms(files.write('one.csv', MEANS))).to.equal(true);
    expect(await isOfArms(files.write('two.csv', 'user,arm,clicks\nu1,a,1\n'))).to.equal(false);
  });

  describe('are refused, in one line, for', () => {
    for (const [why, { content, changes, line }] of Object.entries(REFUSALS)) {
      it(why, async () => {
        const error = await read(content, changes).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(error).to.be.instanceOf(DomainError);
        expect((error as DomainError).code).to.equal('readout_invalid');
        expect((error as DomainError).line).to.equal(`${files.folder}/arms.csv${line}`);
      });
    }
  });
});
