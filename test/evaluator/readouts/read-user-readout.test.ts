import { expect } from 'chai';
import * as fc from 'fast-check';
import { randomStream } from '../../../math/random.ts';
import { readoutSchema } from '../../../src/domain/readout.ts';
import { readUserReadout, type UserReadout } from '../../../src/evaluator/readouts/read-user-readout.ts';
import type { UserReadoutRequest } from '../../../src/evaluator/readouts/user-readout-request.ts';
import { armMeans } from '../../../src/online/readouts/arm-means.ts';
import { type TemporaryLogs, temporaryLogs } from '../temporary-log.ts';

interface Row {
  readonly unit: string;
  readonly arm: string;
  readonly saves: number;
  readonly clicks: number;
  readonly before: number;
}

const REQUEST: Omit<UserReadoutRequest, 'path'> = {
  arm: 'arm',
  unit: 'user',
  nulls: 'refuse',
  metrics: {
    saver: { kind: 'propensity', column: 'saves' },
    click: { kind: 'volume', column: 'clicks', covariate: 'before' },
  },
};

function csv(rows: readonly Row[]): string {
  return `user,arm,saves,clicks,before\n${rows.map((row) => `${row.unit},${row.arm},${row.saves},${row.clicks},${row.before}\n`).join('')}`;
}

const pick = ({ units, metrics }: UserReadout) => ({ units, metrics });

const clicksText = (rows: readonly (readonly unknown[])[]): string =>
  `user,arm,clicks\n${rows.map((row) => `${row.join(',')}\n`).join('')}`;

const product = (x: readonly number[], y: readonly number[]): number => sum(x.map((v, i) => v * y[i]!));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The sums by loops over whole numbers and quarters, of which all sums are exact. */
function bruteForce(rows: readonly Row[]): Pick<UserReadout, 'units' | 'metrics'> {
  const users = new Map<string, { arm: string; saves: number; clicks: number; before: number }>();
  for (const { unit, arm, saves, clicks, before } of rows) {
    const user = users.get(unit) ?? { arm, saves: 0, clicks: 0, before };
    users.set(unit, { ...user, saves: user.saves + saves, clicks: user.clicks + clicks });
  }
  const arms = [...new Set(rows.map(({ arm }) => arm))];
  const of = (arm: string) => [...users.values()].filter((user) => user.arm === arm);
  const savers = (arm: string): number => of(arm).filter(({ saves }) => saves > 0).length;
  return {
    units: Object.fromEntries(arms.map((arm) => [arm, of(arm).length])),
    metrics: {
      saver: {
        kind: 'propensity',
        adjusted: false,
        arms: Object.fromEntries(
          arms.map((arm) => [arm, { n: of(arm).length, sum: savers(arm), sumOfSquares: savers(arm) }]),
        ),
      },
      click: {
        kind: 'volume',
        adjusted: false,
        arms: Object.fromEntries(
          arms.map((arm) => [
            arm,
            {
              n: of(arm).length,
              sum: sum(of(arm).map(({ clicks }) => clicks)),
              sumOfSquares: sum(of(arm).map(({ clicks }) => clicks ** 2)),
              covariate: {
                sum: sum(of(arm).map(({ before }) => before)),
                sumOfSquares: sum(of(arm).map(({ before }) => before ** 2)),
                sumOfProducts: sum(of(arm).map(({ before, clicks }) => before * clicks)),
              },
            },
          ]),
        ),
      },
    },
  };
}

/** Users of two or more days in random order, every arm with two users at least. */
function generatedRows(users: number, seed: number): readonly Row[] {
  const random = randomStream(seed, 'user readout');
  const rows: { readonly row: Row; readonly key: number }[] = [];
  for (let i = 0; i < users; i++) {
    const arm = ['control', 'a', 'b'][i % 3]!;
    const before = random.integer(40) / 4;
    for (let day = random.integer(3); day >= 0; day--) {
      const saves = random.integer(3);
      const clicks = random.integer(200) / 4;
      rows.push({ row: { unit: `u${i}`, arm, saves, clicks, before }, key: random.uniform() });
    }
  }
  return rows.toSorted((a, b) => a.key - b.key).map(({ row }) => row);
}

describe('readouts of users', function () {
  this.timeout(60_000);
  let files: TemporaryLogs;
  before(() => {
    files = temporaryLogs();
  });
  after(() => files.remove());

  const read = (name: string, content: string, changes: Partial<UserReadoutRequest> = {}) =>
    readUserReadout({ ...REQUEST, path: files.write(name, content), ...changes });

  it('are the sums of a loop over the rows, one row a user', async () => {
    const rows = generatedRows(300, 1).filter(
      ({ unit }, i, all) => all.findIndex((row) => row.unit === unit) === i,
    );
    const { units, metrics, rows: count } = await read('users.csv', csv(rows));
    expect(count).to.equal(300);
    expect({ units, metrics }).to.deep.equal(bruteForce(rows));
  });

  it('sum the rows of a user, from CSV, gzip and Parquet, in one file or several', async () => {
    const rows = generatedRows(1000, 2);
    const expected = bruteForce(rows);
    expect(pick(await read('days.csv', csv(rows)))).to.deep.equal(expected);
    expect(pick(await read('days.csv.gz', csv(rows)))).to.deep.equal(expected);
    const source = files.write('days.csv', csv(rows));
    const path = await files.writeParquet('days.parquet', `SELECT * FROM read_csv('${source}')`);
    expect(pick(await readUserReadout({ ...REQUEST, path }))).to.deep.equal(expected);
    files.write('part/a.csv', csv(rows.slice(0, 700)));
    files.write('part/b.csv', csv(rows.slice(700)));
    const parts = await readUserReadout({ ...REQUEST, path: `${files.folder}/part/*.csv` });
    expect(pick(parts)).to.deep.equal(expected);
  });

  it('tell how metrics go together within arms, of those without a covariate', async () => {
    const random = randomStream(6, 'together');
    const users = Array.from({ length: 600 }, (_, i) => {
      const active = 3 * random.uniform();
      const arm = i % 3 === 0 ? 'a' : 'b';
      const shift = arm === 'a' ? 5 : 0;
      return { arm, clicks: shift + active + random.uniform(), saves: shift - active - random.uniform() };
    });
    const text = `user,arm,clicks,saves,before\n${users.map(({ arm, clicks, saves }, i) => `u${i},${arm},${clicks},${saves},1\n`).join('')}`;
    const metrics = {
      clicks: { kind: 'volume', column: 'clicks' },
      saves: { kind: 'volume', column: 'saves' },
    } as const;
    const { correlations } = await read('together.csv', text, { metrics });
    const aboutMean = (of: (user: (typeof users)[number]) => number): readonly number[] => {
      const meanOf = (arm: string): number => {
        const values = users.filter((user) => user.arm === arm).map(of);
        return sum(values) / values.length;
      };
      const [a, b] = [meanOf('a'), meanOf('b')];
      return users.map((user) => of(user) - (user.arm === 'a' ? a : b));
    };
    const [clicks, saves] = [aboutMean((user) => user.clicks), aboutMean((user) => user.saves)];
    const expected = product(clicks, saves) / Math.sqrt(product(clicks, clicks) * product(saves, saves));
    expect(correlations).to.have.lengthOf(1);
    expect(correlations![0]!.metrics).to.deep.equal(['clicks', 'saves']);
    expect(correlations![0]!.correlation).to.be.closeTo(expected, 5.1e-5);
    expect(expected).to.be.within(-0.95, -0.8);
    const covariate = { ...metrics, clicks: { ...metrics.clicks, covariate: 'before' } };
    expect((await read('together.csv', text, { metrics: covariate })).correlations).to.equal(undefined);
  });

  it('do not depend on the order of the rows, to the bit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 7 }), fc.double({ min: -1e9, max: 1e9, noNaN: true })), {
          minLength: 1,
          maxLength: 30,
        }),
        fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
        async (values, keys) => {
          const fixed = ['x', 'y'].flatMap((arm, a) => [
            [`${arm}8`, arm, 1 + a],
            [`${arm}9`, arm, 0.1],
          ]);
          const rows = [...fixed, ...values.map(([user, y]) => [`x${user}`, 'x', y])];
          const metrics = { click: { kind: 'volume', column: 'clicks' } } as const;
          const shuffled = rows.toSorted((a, b) => keys[rows.indexOf(a)]! - keys[rows.indexOf(b)]!);
          const [one, other] = [
            await read('one.csv', clicksText(rows), { metrics, arms: ['x', 'y'] }),
            await read('other.csv', clicksText(shuffled), { metrics, arms: ['x', 'y'] }),
          ];
          expect(one).to.deep.equal(other);
        },
      ),
      { seed: 4, numRuns: 25 },
    );
  });

  it('are readouts that the analysis takes, CUPED where there is a covariate', async () => {
    const { units, metrics } = await read('users.csv', csv(generatedRows(400, 3)));
    const readout = readoutSchema.parse({
      window: { start: '2026-03-01', end: '2026-03-15' },
      units,
      metrics,
    });
    const plain = armMeans(readout.metrics['saver']!)!;
    expect(plain.map(({ mean }) => mean)).to.deep.equal(
      Object.values(bruteForce(generatedRows(400, 3)).metrics['saver']!.arms).map((sums) =>
        'sum' in sums ? sums.sum / sums.n : NaN,
      ),
    );
    expect(armMeans(readout.metrics['click']!)!.every(({ variance }) => variance > 0)).to.equal(true);
  });

  it('count a user once for a propensity, and say of how many that mattered', async () => {
    const text = 'user,arm,saves\nu1,a,5\nu2,a,0\nu3,b,1\nu3,b,0\nu4,b,0\nu5,b,1\nu5,b,1\n';
    const metrics = { saver: REQUEST.metrics['saver']! };
    const { units, metrics: measured, several } = await read('counts.csv', text, { metrics });
    expect(units).to.deep.equal({ a: 2, b: 3 });
    expect(measured['saver']!.arms).to.deep.equal({
      a: { n: 2, sum: 1, sumOfSquares: 1 },
      b: { n: 3, sum: 2, sumOfSquares: 2 },
    });
    expect(several).to.deep.equal({ saver: 2 });
  });

  it('have the planned arms first, in their order', async () => {
    const rows = generatedRows(30, 5);
    const { units } = await read('order.csv', csv(rows), { arms: ['control', 'b', 'a', 'c'] });
    expect(Object.keys(units)).to.deep.equal(['control', 'b', 'a']);
  });

  it('take empty numbers for 0 where that is asked for, and count them', async () => {
    const text = 'user,arm,saves,clicks,before\nu1,a,,2,\nu2,a,1,,3\nu3,b,0,1,1\nu4,b,1,1,1\n';
    const { zeros, metrics } = await read('empty.csv', text, { nulls: 'zero' });
    expect(zeros).to.equal(3);
    expect(metrics['click']!.arms['a']).to.deep.equal({
      n: 2,
      sum: 2,
      sumOfSquares: 4,
      covariate: { sum: 3, sumOfSquares: 9, sumOfProducts: 0 },
    });
  });

  it('take every row for a unit where no column says whose it is', async () => {
    const text = 'arm,clicks\na,1\na,2\nb,3\nb,5\n';
    const metrics = { click: { kind: 'volume', column: 'clicks' } } as const;
    const { units } = await read('rows.csv', text, { metrics, unit: undefined });
    expect(units).to.deep.equal({ a: 2, b: 2 });
  });
});
