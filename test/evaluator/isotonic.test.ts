import { expect } from 'chai';
import * as fc from 'fast-check';
import { calibrateHead } from '../../src/evaluator/calibrate-head.ts';
import { applyIsotonic, fitIsotonic } from '../../src/evaluator/isotonic.ts';
import { randomStream } from '../../math/random.ts';
import type { DomainError } from '../../src/domain/errors.ts';
import { headSchema } from '../../src/domain/log.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { LogRequest } from '../../src/evaluator/read-log.ts';
import { heldOutRequests } from '../../src/evaluator/split-log.ts';
import { loadLog } from '../../src/service/load-log.ts';
import { readClicks, type TemporaryLogs, temporaryLogs } from './temporary-log.ts';
import { readGolden } from '../golden/read-golden.ts';

interface IsotonicCase {
  readonly score: number[];
  readonly label: number[];
  readonly weight: number[] | null;
  readonly fitted: number[];
  readonly at: number[];
  readonly predicted: number[];
}

/** Means of some dozen labels. */
const ROUNDING = 1e-12;

function fitted(
  score: readonly number[],
  label: readonly number[],
  weight: readonly number[] | null,
  at: readonly number[],
): Float64Array {
  const fit = fitIsotonic(
    Float64Array.from(score),
    Int8Array.from(label),
    weight === null ? undefined : Float64Array.from(weight),
  )!;
  const values = Float64Array.from(at);
  applyIsotonic(fit, values);
  return values;
}

/** max over a ≤ i of min over b ≥ i of the weighted mean of the points a … b: isotonic regression in closed form. */
function maxMin(
  score: readonly number[],
  label: readonly number[],
  weight: readonly number[],
): readonly number[] {
  return score.map((s) => {
    const starts = score.filter((other) => other <= s);
    const ends = score.filter((other) => other >= s);
    const means = starts.map((from) =>
      Math.min(
        ...ends.map((to) => {
          const inside = Array.from(score.keys()).filter((i) => score[i]! >= from && score[i]! <= to);
          const total = inside.reduce((sum, i) => sum + weight[i]!, 0);
          return inside.reduce((sum, i) => sum + weight[i]! * label[i]!, 0) / total;
        }),
      ),
    );
    return Math.max(...means);
  });
}

const row = fc.record({
  score: fc.constantFrom(0, 0.125, 0.25, 0.375, 0.5, 0.75, 1),
  label: fc.constantFrom(0, 1),
  weight: fc.constantFrom(0.5, 1, 2),
});
const rows = fc.array(row, { minLength: 1, maxLength: 14 });

describe('isotonic calibration', () => {
  it("is scikit-learn's, with ties, weights, between and beyond the scores it was fitted on", () => {
    const { cases } = readGolden<{ cases: IsotonicCase[] }>('isotonic');
    expect(cases).to.have.length(4);
    for (const { score, label, weight, fitted: expected, at, predicted } of cases) {
      for (const [points, values] of [
        [score, expected],
        [at, predicted],
      ] as const) {
        const found = fitted(score, label, weight, points);
        for (const [i, value] of values.entries()) expect(found[i]).to.be.closeTo(value, ROUNDING);
      }
    }
  });

  it('is the max-min of means over intervals, monotone, with the mean of the labels', () => {
    fc.assert(
      fc.property(rows, (log) => {
        const [score, label, weight] = (['score', 'label', 'weight'] as const).map((key) =>
          log.map((each) => each[key]),
        ) as [number[], number[], number[]];
        const found = fitted(score, label, weight, score);
        for (const [i, value] of maxMin(score, label, weight).entries()) {
          expect(found[i]).to.be.closeTo(value, ROUNDING);
        }
        for (const [i, s] of score.entries()) {
          for (const [j, other] of score.entries()) {
            if (s <= other) expect(found[i]).to.be.at.most(found[j]!);
          }
        }
        const mean = (values: ArrayLike<number>) => weight.reduce((sum, w, i) => sum + w * values[i]!, 0);
        expect(mean(found)).to.be.closeTo(mean(label), ROUNDING * 100);
      }),
      { numRuns: 200 },
    );
  });

  it('leaves rows without a label or weight out of the fit, and gives them a probability', () => {
    const score = [0.1, 0.2, 0.3, 0.4, 0.9];
    const found = fitted(score, [0, -1, 1, 1, 0], [1, 1, 1, 1, 0], score);
    expect([...found]).to.deep.equal([0, (0.2 - 0.1) / (0.3 - 0.1), 1, 1, 1]);
  });

  it('is undefined without a label', () => {
    expect(fitIsotonic(Float64Array.of(0.5), Int8Array.of(-1))).to.equal(undefined);
    expect(fitIsotonic(Float64Array.of(0.5), Int8Array.of(1), Float64Array.of(0))).to.equal(undefined);
  });
});

function calibrated(keys: object): Float64Array {
  const score = Float64Array.of(0.2, 0.5, 0.8);
  calibrateHead(score, headSchema.parse({ score: 's', label: 'y', ...keys }), Int8Array.of(0, 1, 0));
  return score;
}

describe('calibrateHead', () => {
  it('leaves scores alone, undoes downsampling or fits the labels, as the head says', () => {
    expect([...calibrated({})]).to.deep.equal([0.2, 0.5, 0.8]);
    expect([...calibrated({ calibration: 'none' })]).to.deep.equal([0.2, 0.5, 0.8]);
    const beta = calibrated({ calibration: 'beta', negativeKeepRate: 0.1 });
    for (const [i, s] of [0.2, 0.5, 0.8].entries()) {
      expect(beta[i]).to.be.closeTo((0.1 * s) / (0.1 * s - s + 1), ROUNDING);
    }
    expect([...calibrated({ negativeKeepRate: 0.1 })]).to.deep.equal([...beta]);
    expect([...calibrated({ calibration: 'isotonic' })]).to.deep.equal([0, 0.5, 0.5]);
  });

  it('refuses to fit where there is no label', () => {
    const head = headSchema.parse({ score: 's', label: 'y', calibration: 'isotonic' });
    expect(() => calibrateHead(Float64Array.of(0.5), head, Int8Array.of(-1))).to.throw(
      'column "y" has no label that calibration: isotonic can be fitted to: expected at least one, outside a hold-out',
    );
  });
});

describe('isotonic calibration of a log with a hold-out', () => {
  let logs: TemporaryLogs;
  before(() => {
    logs = temporaryLogs();
  });
  after(() => logs.remove());

  const ROWS = 600;
  const holdout = { share: 0.3, by: 'request' } as const;
  const heads = { click: headSchema.parse({ score: 's', label: 'y', calibration: 'isotonic' }) };
  const random = randomStream(5, 'isotonic hold-out');
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const score = Number(random.uniform().toFixed(6));
    return { request: Math.floor(i / 5), score, label: Number(random.uniform() < score ** 2) };
  });
  const csv = (labelOf: (row: (typeof rows)[0]) => number): string =>
    `r,s,y\n${rows.map((row) => `${row.request},${row.score},${labelOf(row)}`).join('\n')}\n`;

  it('is fitted to the labels of the other part alone, and written over the scores of both', async () => {
    const path = logs.write(
      'log.csv',
      csv(({ label }) => label),
    );
    const heldOut = { holdout, seed: 3 };
    const log = await readClicks(path, { heads, heldOut });
    const { held } = heldOutRequests(log, holdout, 3);
    const kept = rows.filter(({ request }) => held[request] === 0);
    expect(kept.length).to.be.within(0.5 * ROWS, 0.9 * ROWS);
    const expected = Float64Array.from(rows, ({ score }) => score);
    const fit = fitIsotonic(
      Float64Array.from(kept, ({ score }) => score),
      Int8Array.from(kept, ({ label }) => label),
    );
    applyIsotonic(fit!, expected);
    expect([...log.heads[0]!.probability]).to.deep.equal([...expected]);
    // The labels themselves are those of the log.
    expect([...log.heads[0]!.label]).to.deep.equal(rows.map(({ label }) => label));
    // Whatever the held-out labels say, probabilities are the same; without a hold-out they are not.
    const flipped = logs.write(
      'flipped.csv',
      csv(({ label, request }) => (held[request] === 1 ? 1 - label : label)),
    );
    const probabilitiesOf = async (file: string, changes: Partial<LogRequest>) => [
      ...(await readClicks(file, { heads, ...changes })).heads[0]!.probability,
    ];
    expect(await probabilitiesOf(flipped, { heldOut })).to.deep.equal([...expected]);
    expect(await probabilitiesOf(flipped, {})).not.to.deep.equal(await probabilitiesOf(path, {}));
    expect(await probabilitiesOf(path, {})).not.to.deep.equal([...expected]);
  });

  it('is fitted so for every sweep on a log', async () => {
    const path = logs.write(
      'log.csv',
      csv(({ label }) => label),
    );
    const study = {
      name: 'held',
      log: { path, request: 'r' },
      heads: { click: { score: 's', label: 'y', calibration: 'isotonic' } },
      weights: { click: [0, 1] },
      objective: 'maximize click.average_precision',
      seed: 3,
      holdout,
    };
    const { log } = await loadLog(studySchema.parse(study), path);
    const expected = await readClicks(path, { heads, heldOut: { holdout, seed: 3 } });
    expect([...log.heads[0]!.probability]).to.deep.equal([...expected.heads[0]!.probability]);
  });

  it('says where all labels are held out', async () => {
    const path = logs.write(
      'empty.csv',
      `r,s,y\n${Array.from({ length: 40 }, (_, i) => `${i},0.5,`).join('\n')}\n`,
    );
    const error: unknown = await readClicks(path, { heads, heldOut: { holdout, seed: 3 } }).catch(
      (reason: unknown) => reason,
    );
    expect((error as DomainError).message).to.equal(
      'column "y" has no label that calibration: isotonic can be fitted to: expected at least one, outside a hold-out',
    );
  });
});
