import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { type Head, headSchema } from '../../src/domain/log.ts';
import { calibrate } from '../../src/evaluator/calibrate.ts';
import { calibrationBias, matchingKeepRate } from '../../src/evaluator/calibration-bias.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import {
  quantileCalibrationError,
  uniformCalibrationError,
} from '../../src/evaluator/metrics/expected-calibration-error.ts';
import { rankPooled } from '../../src/evaluator/rank-pooled.ts';
import {
  calibrationErrorOf,
  quantileEnds,
  reliabilityBy,
  uniformReliability,
} from '../../src/evaluator/reliability.ts';
import { inspectLog, type LogInspection } from '../../src/service/inspect-log.ts';
import { partialStudySchema } from '../../src/domain/study.ts';
import { type TemporaryLogs, temporaryLogs } from './temporary-log.ts';

interface Rows {
  readonly score: Float64Array;
  readonly label: Int8Array;
  readonly weight: Float64Array;
}

/** Scores of which many tie, labels of which some are missing, weights of which some are 0. */
function anyRows(seed: number, rows: number): Rows {
  const random = randomStream(seed, 'rows');
  const levels = 1 + random.integer(40);
  const score = Float64Array.from({ length: rows }, () => random.integer(levels + 1) / levels);
  const label = Int8Array.from(score, (s) => (random.uniform() < 0.2 ? -1 : random.uniform() < s ? 1 : 0));
  return { score, label, weight: Float64Array.from(score, () => random.integer(4)) };
}

const thinned = (beta: number) => (s: number) => (beta * s) / (beta * s - s + 1);

const codes = ({ warnings }: LogInspection): readonly string[] => warnings.map(({ code }) => code);

/** Labels drawn from `probability(score)`, in 500 requests of 20 rows. */
const drawn = (seed: number, probability: (score: number) => number, label = 'y'): string => {
  const random = randomStream(seed, 'drawn');
  const lines = [`r,s,${label}`];
  for (let i = 0; i < 10_000; i++) {
    const score = random.uniform();
    lines.push(`${i % 500},${score},${random.uniform() < probability(score) ? 1 : 0}`);
  }
  return `${lines.join('\n')}\n`;
};

const many = (row: (i: number) => string): string =>
  `r,s,y\n${Array.from({ length: 1000 }, (_, i) => row(i)).join('\n')}\n`;

describe('reliability tables', () => {
  for (const weighted of [false, true]) {
    it(`agree with the metric ece, uniform and quantile, ${weighted ? 'weighted' : 'unweighted'}`, () => {
      for (let seed = 0; seed < 200; seed++) {
        const { score, label, ...rest } = anyRows(seed, 5 + ((seed * 37) % 400));
        const weight = weighted ? rest.weight : undefined;
        const uniform = uniformReliability(score, label, 10, weight);
        expect(uniform).to.have.length(10);
        expect(calibrationErrorOf(uniform)).to.be.closeTo(
          uniformCalibrationError(score, label, 10, weight) ?? 0,
          1e-12,
        );
        const quantile = reliabilityBy(score, score, label, quantileEnds(score, label, 10, weight), weight);
        const scratch = createEvaluationScratch({
          rows: score.length,
          requestOffsets: Int32Array.of(0, score.length),
        });
        const ranking = rankPooled(score.slice(), scratch);
        expect(calibrationErrorOf(quantile), String(seed)).to.be.closeTo(
          quantileCalibrationError(ranking, score, label, 10, weight) ?? 0,
          1e-12,
        );
        for (const bins of [uniform, quantile]) {
          expect(bins.reduce((sum, { rows }) => sum + rows, 0)).to.equal(label.filter((y) => y >= 0).length);
        }
      }
    });
  }

  it('have means, rates and standard errors of each bin', () => {
    const score = Float64Array.of(0, 0.1, 0.1000001, 0.95, 1, 0.5);
    const label = Int8Array.of(0, 1, 0, 1, 1, -1);
    const [first, second, ...others] = uniformReliability(score, label, 10);
    expect(first!.standardError).to.be.closeTo(0.15, 1e-15);
    expect({ ...first, standardError: 0.15 }).to.deep.equal({
      from: 0,
      to: 0.1,
      rows: 2,
      share: 0.4,
      meanProbability: 0.05,
      observedRate: 0.5,
      standardError: 0.15,
    });
    expect([second!.rows, second!.observedRate]).to.deep.equal([1, 0]);
    expect(others.at(-1)!.meanProbability).to.equal(0.975);
    expect(others[0]).to.deep.include({ rows: 0, share: 0, meanProbability: null, observedRate: null });
  });
});

describe('the bias of probabilities', () => {
  it('has a standard error that repeated draws of requests agree with, rows of a request going together', () => {
    const draws = 400;
    const biases: number[] = [];
    const errors: number[] = [];
    for (let seed = 0; seed < draws; seed++) {
      const random = randomStream(seed, 'bias');
      const sizes = Array.from({ length: 300 }, () => 1 + random.integer(8));
      const offsets = Int32Array.from([0, ...sizes]).map((size, r, all) =>
        r === 0 ? 0 : (all[r] = all[r - 1]! + size),
      );
      const label: number[] = [];
      for (const size of sizes) {
        const rate = random.uniform() < 0.5 ? 0.05 : 0.55;
        for (let i = 0; i < size; i++) label.push(random.uniform() < rate ? 1 : 0);
      }
      const probability = new Float64Array(label.length).fill(0.3);
      const { bias, standardError } = calibrationBias(probability, Int8Array.from(label), offsets)!;
      biases.push(bias);
      errors.push(standardError);
    }
    const rms = Math.sqrt(biases.reduce((sum, bias) => sum + bias * bias, 0) / draws);
    const mean = errors.reduce((sum, error) => sum + error, 0) / draws;
    // The relative standard error of a standard deviation of n draws is 1/√(2n).
    expect(rms / mean).to.be.closeTo(1, 4 / Math.sqrt(2 * draws));
  });

  it('is taken away by the matching keep rate', () => {
    const random = randomStream(3, 'match');
    const score = Float64Array.from({ length: 5000 }, () => random.uniform());
    const label = Int8Array.from(score, (s) => (random.uniform() < (0.03 * s) / (0.03 * s - s + 1) ? 1 : 0));
    const beta = matchingKeepRate(score, label)!;
    const probability = score.slice();
    calibrate(probability, beta);
    const offsets = Int32Array.from({ length: 5001 }, (_, i) => i);
    expect(calibrationBias(probability, label, offsets)!.bias).to.be.closeTo(0, 1e-6);
    expect(beta).to.be.closeTo(0.03, 0.01);
    expect(matchingKeepRate(Float64Array.of(0.1, 0.2), Int8Array.of(1, 1))).to.equal(undefined);
  });
});

describe('the data report', () => {
  let logs: TemporaryLogs;
  before(() => {
    logs = temporaryLogs();
  });
  after(() => logs.remove());

  const inspect = (csv: string, log: object = {}, click: Partial<Head> = {}): Promise<LogInspection> => {
    const path = logs.write('log.csv', csv);
    const heads = { click: { score: 's', label: 'y', ...click } };
    return inspectLog(partialStudySchema.parse({ log: { path, request: 'r', ...log }, heads }), path);
  };

  it('counts rows, requests, users, labels, duplicates, and tells ranges', async () => {
    const csv = `r,s,y,u,t,k,g
1,0.5,1,a,10,1,x
1,0.5,1,a,20,1,x
1,0.5,0,a,20,1,y
1,0.5,1,a,20,2,
2,,1,b,5,1,x
3,0.25,,b,30,1,x
3,1,0,b,40,7,x
4,0.75,0,c,7,1,x
`;
    const log = { user: 'u', timestamp: 't', position: 'k', segment: 'g', nullScores: 'drop' };
    const { heads, warnings: _, files: __, ...report } = await inspect(csv, log);
    expect(report).to.deep.equal({
      rows: 7,
      droppedRows: 1,
      requests: 3,
      requestsWithOneRow: 1,
      rowsOfLargestRequest: 4,
      duplicates: 1,
      users: 3,
      times: { first: 7, last: 30 },
      lastPosition: 7,
      propensities: null,
      segments: ['x', 'y'],
    });
    const { positives, negatives, missing, baseRate, score } = heads['click']!;
    expect([positives, negatives, missing, baseRate]).to.deep.equal([3, 3, 1, 0.5]);
    expect(score).to.deep.equal({ lowest: 0.25, mean: 4 / 7, highest: 1 });
  });

  it('tells what propensities are worth, and warns of what counterfactual metrics cannot use', async () => {
    const columns = { displayPropensity: 'p', position: 'k' };
    const csv = 'r,s,y,p,k\n1,0.5,1,0.5,1\n1,0.5,0,0.05,2\n2,0.5,1,0.25,1\n';
    const { propensities, warnings } = await inspect(csv, columns);
    expect(propensities).to.deep.equal({
      meanWeight: 26 / 3,
      largestWeight: 20,
      effectiveSampleSize: 26 ** 2 / (4 + 400 + 16),
      clipped: [
        { clip: 10, share: 1 / 3 },
        { clip: 20, share: 0 },
        { clip: 50, share: 0 },
        { clip: 100, share: 0 },
      ],
      support: 26 / 5,
      certain: false,
      irregularRequests: 0,
    });
    const codes = new Set<string>(['certain_propensities', 'little_support', 'irregular_places']);
    const told = (found: LogInspection['warnings']): readonly string[] =>
      found.map(({ code }) => code).filter((code) => codes.has(code));
    expect(told(warnings)).to.deep.equal([]);
    const certain = await inspect('r,s,y,p\n1,0.5,1,1\n1,0.5,0,1\n', { displayPropensity: 'p' });
    expect(certain.propensities!.irregularRequests).to.equal(null);
    expect(told(certain.warnings)).to.deep.equal(['certain_propensities']);
    const irregular = await inspect('r,s,y,p,k\n1,0.5,1,0.9,1\n1,0.5,0,0.9,3\n2,0.5,0,1,1\n', columns);
    expect(irregular.propensities!.irregularRequests).to.equal(1);
    expect(irregular.warnings.filter(({ code }) => codes.has(code)).map(({ text }) => text)).to.deep.equal([
      'by its propensities, production could show about 64.4 % of the pairs of a row and a place of its request: metrics of ips and snips are too low for rankings that need the others.',
      '1 of 2 requests have other places than 1 to their number of rows, each once: metrics of ips and snips are refused, so number the rows that were shown.',
    ]);
  });

  it('counts duplicates as comparing every pair does', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = randomStream(seed, 'duplicates');
      const rows = Array.from({ length: 300 }, () =>
        [random.integer(1 + seed), random.integer(6) / 8, random.integer(2)].join(','),
      );
      const repeated = rows.filter((row, i) => rows.indexOf(row) < i).length;
      expect((await inspect(`r,s,y\n${rows.join('\n')}\n`)).duplicates).to.equal(repeated);
    }
  });

  it('does not warn of scores that are calibrated, nor of a β that is right', async () => {
    const falseAlarms: string[] = [];
    for (let seed = 0; seed < 40; seed++) {
      falseAlarms.push(...codes(await inspect(drawn(seed, (s) => s))));
      falseAlarms.push(...codes(await inspect(drawn(seed, thinned(0.1)), {}, { negativeKeepRate: 0.1 })));
    }
    // 80 logs of ten bins at 4 standard errors: 0.05 alarms are expected.
    expect(falseAlarms.length).to.be.at.most(1);
  });

  it('warns of each way in which scores and base rate disagree, and says what to do', async () => {
    const uncalibrated = await inspect(drawn(1, thinned(0.1)));
    expect(codes(uncalibrated)).to.deep.equal(['not_calibrated']);
    expect(uncalibrated.warnings[0]!.text).to.match(
      /^scores look not calibrated, mean 0\.[0-9]+ against a base rate of 0\.[0-9]+: if negatives were left out in training, negativeKeepRate: 0\.(09|1)[0-9]* would fit; else calibrate them before use\.$/,
    );
    const tooLow = await inspect(drawn(1, (s) => Math.sqrt(s)));
    expect(codes(tooLow)).to.deep.equal(['not_calibrated']);
    expect(tooLow.warnings[0]!.text).to.include('too low for negatives left out');
    const already = await inspect(
      drawn(1, (s) => s),
      {},
      { negativeKeepRate: 0.2 },
    );
    expect(codes(already)).to.deep.equal(['already_calibrated']);
    expect(already.warnings[0]!.text).to.match(/^scores look calibrated as they are .* leave it out\.$/);
    const wrong = await inspect(drawn(1, thinned(0.1)), {}, { negativeKeepRate: 0.5 });
    expect(codes(wrong)).to.deep.equal(['keep_rate_contradicts_base_rate']);
    expect(wrong.warnings[0]!.text).to.match(
      /^negativeKeepRate 0\.5 contradicts the base rate, calibrated mean 0\.[0-9]+ .*: negativeKeepRate: 0\.(09|1)[0-9]* would fit\.$/,
    );
    const bent = await inspect(drawn(1, (s) => (s < 0.5 ? 0.25 : 0.75)));
    expect(codes(bent)).to.deep.equal(['miscalibrated_bin']);
    expect(bent.warnings[0]!.text).to.match(
      /^right on average, but 1,000 rows predicted 0\.[0-9]+ are observed at/,
    );
  });

  it('warns of labels, scores and requests that say little', async () => {
    const few = await inspect(many((i) => `${i},0.5,${i < 40 ? i % 2 : ''}`));
    expect(codes(few)).to.deep.equal([
      'requests_with_one_row',
      'labels_missing',
      'few_positives',
      'constant_score',
    ]);
    expect(few.warnings.map(({ head }) => head)).to.deep.equal([undefined, 'click', 'click', 'click']);
    expect(few.warnings[1]!.text).to.match(/^96 % of the labels are missing/);
    const none = await inspect(many((i) => `1,${i < 500 ? 0.001 : 0.002},0`));
    expect(codes(none)).to.deep.equal(['duplicates', 'no_positive']);
    const dropped = await inspect(
      many((i) => `1,${i === 7 ? '' : (i + 0.5) / 1000},${i % 2}`),
      { nullScores: 'drop' },
    );
    expect(codes(dropped)[0]).to.equal('rows_dropped');
    expect(dropped.warnings[0]!.text).to.match(/^1 rows \(0\.1 %\) lack a score/);
  });

  it('weighs rows as repeating them does', async () => {
    const random = randomStream(9, 'weights');
    const rows = Array.from({ length: 400 }, () => ({
      line: `${random.integer(50)},${random.integer(64) / 64},${random.integer(2)}`,
      weight: random.integer(4),
    }));
    const weighted = await inspect(
      `r,s,y,w\n${rows.map(({ line, weight }) => `${line},${weight}`).join('\n')}\n`,
      {
        weight: 'w',
      },
    );
    const repeated = await inspect(
      `r,s,y\n${rows.flatMap(({ line, weight }) => Array<string>(weight).fill(line)).join('\n')}\n`,
    );
    const [a, b] = [weighted, repeated].map(({ heads }) => heads['click']!.before!);
    expect(a!.reliability.quantile.map(({ to }) => to)).to.deep.equal(
      b!.reliability.quantile.map(({ to }) => to),
    );
    for (const key of ['mean', 'brier', 'logLoss', 'bias'] as const)
      expect(a![key]).to.be.closeTo(b![key], 1e-12);
    expect(a!.ece.uniform).to.be.closeTo(b!.ece.uniform, 1e-12);
    expect(a!.ece.quantile).to.be.closeTo(b!.ece.quantile, 1e-12);
  });

  it('agrees with the reference of the newsfeed log before and after calibration', async function () {
    const checkout = fileURLToPath(new URL('../../../', import.meta.url));
    const folder = process.env['PONDERA_NEWSFEED'] ?? join(checkout, '../shared/data/newsfeed');
    if (!existsSync(folder)) return this.skip();
    const reference = JSON.parse(readFileSync(join(folder, 'reference.json'), 'utf8')) as NewsfeedReference;
    const heads = Object.fromEntries(
      Object.keys(reference.calibration).map((name) => [
        name,
        headSchema.parse({ score: `score_${name}`, label: `label_${name}`, negativeKeepRate: 0.1 }),
      ]),
    );
    const path = join(folder, 'impressions.parquet');
    const report = await inspectLog(
      partialStudySchema.parse({ log: { path, request: 'request_id' }, heads }),
      path,
    );
    expect([report.rows, report.requests]).to.deep.equal([reference.rows, reference.requests]);
    for (const [name, expected] of Object.entries(reference.calibration)) {
      const { before, after, positives, baseRate } = report.heads[name]!;
      expect([positives, baseRate]).to.deep.equal([expected.positives, expected.base_rate]);
      expect(before!.brier).to.be.closeTo(expected.brier_raw!, 1e-9);
      expect(after!.brier).to.be.closeTo(expected.brier_calibrated!, 1e-9);
      expect(before!.logLoss).to.be.closeTo(expected.log_loss_raw!, 1e-9);
      expect(after!.logLoss).to.be.closeTo(expected.log_loss_calibrated!, 1e-9);
      expect(after!.mean).to.be.closeTo(expected.mean_calibrated!, 1e-9);
    }
    expect(codes(report).filter((code) => code !== 'miscalibrated_bin')).to.deep.equal([]);
  });
});

interface NewsfeedReference {
  readonly rows: number;
  readonly requests: number;
  readonly calibration: Readonly<Record<string, Readonly<Record<string, number>>>>;
}
