import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import { bootstrap } from '../../src/evaluator/bootstrap.ts';
import { bootstrapSummary, differences, replicateCovariance } from '../../src/evaluator/bootstrap-summary.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { evaluateWithErrors, influencesOf } from '../../src/evaluator/evaluate-with-errors.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { createInfluenceScratch } from '../../src/evaluator/influence/influences.ts';
import { poissonCount } from '../../src/evaluator/poisson-counts.ts';
import { covariance } from '../../src/evaluator/standard-errors.ts';
import { drawResamples } from '../../src/evaluator/replicates/resamples.ts';
import { unitsOf } from '../../src/evaluator/units.ts';
import { generatedLog, type GeneratedLogOptions, repeated } from './generated-log.ts';

function logMetric(name: string): LogMetric {
  const parsed = parseLogMetric(name, ['click', 'save']);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

const SMOOTH = [
  'average_precision',
  'pr_auc_trapezoid',
  'roc_auc',
  'grouped_auc',
  'ndcg@3',
  'map',
  'mrr',
  'engagement@2',
  'expected_engagement@2',
  'ips.engagement@2',
  'snips.dcg@2{clip=5}',
  'log_loss',
  'brier',
].map((kind) => logMetric(`click.${kind}`));
const ALL = [
  ...SMOOTH,
  ...['save.average_precision', 'save.pr_auc_trapezoid', 'save.roc_auc'].map(logMetric),
  logMetric('click.ece'),
  logMetric('click.ece{binning=quantile,bins=4}'),
];

const TRIAL = { weights: Float64Array.of(0.5, 0.25) };
const BASELINE = { weights: Float64Array.of(0.25, 0.5) };

const FEW_USERS = { users: 25, requestsPerUser: 2, rowsPerRequest: 5 };

/** So that heads count the same rows. */
function labelEveryRow({ heads }: EngagementLog): void {
  for (const { label } of heads) label.forEach((y, i) => (label[i] = Math.max(y, 0)));
}

/** One positive in fifty rows: long runs without one, whose counts are added as bytes. */
function keepFewPositives({ heads, rows }: EngagementLog): void {
  for (const { label } of heads) {
    for (let i = 0; i < rows; i++) label[i] = i % 50 === 7 ? 1 : Math.min(label[i]!, 0);
  }
}

function replicatesOf(
  log: EngagementLog,
  ordering: typeof TRIAL,
  metrics: readonly LogMetric[],
  replicates: number,
): Readonly<Record<string, Float64Array>> {
  const resamples = drawResamples(unitsOf(log), replicates, 1);
  return bootstrap(log, ordering, { metrics, combinations: [] }, resamples, createEvaluationScratch(log));
}

describe('Poisson counts', () => {
  it('have the probabilities e⁻¹/k!, within 4.5 standard errors', () => {
    const draws = 200_000;
    const seen = new Float64Array(13);
    for (let unit = 0; unit < 1000; unit++) {
      for (let b = 0; b < draws / 1000; b++) seen[poissonCount(3, unit, b)]!++;
    }
    let probability = Math.exp(-1);
    for (let k = 0; k < 6; k++) {
      const error = Math.sqrt((probability * (1 - probability)) / draws);
      expect(seen[k]! / draws, `count ${k}`).to.be.closeTo(probability, 4.5 * error);
      probability /= k + 1;
    }
  });

  it('of near units, replicates and seeds do not go together, within 4.5 standard errors', () => {
    const pairs = 100_000;
    const neighbours: readonly ((unit: number, b: number) => number)[] = [
      (unit, b) => poissonCount(3, unit + 1, b),
      (unit, b) => poissonCount(3, unit, b + 1),
      (unit, b) => poissonCount(4, unit, b),
      (unit, b) => poissonCount(3, b, unit + 1000),
    ];
    for (const [i, neighbour] of neighbours.entries()) {
      let product = 0;
      for (let k = 0; k < pairs; k++) {
        const [unit, b] = [k % 500, Math.floor(k / 500)];
        product += (poissonCount(3, unit, b) - 1) * (neighbour(unit, b) - 1);
      }
      expect(product / pairs, `neighbour ${i}`).to.be.closeTo(0, 4.5 / Math.sqrt(pairs));
    }
  });
});

describe('the Poisson bootstrap', () => {
  const logs: readonly (readonly [string, GeneratedLogOptions, (log: EngagementLog) => void])[] = [
    ['with ties', { ...FEW_USERS, levels: 8, weighted: false }, () => {}],
    ['with ties and weights', { ...FEW_USERS, levels: 8, weighted: true }, () => {}],
    ['with few positives', { ...FEW_USERS, users: 200, levels: 0, weighted: false }, keepFewPositives],
    ['with all labels', { ...FEW_USERS, users: 100, levels: 0, weighted: false }, labelEveryRow],
    ['with all labels and ties', { ...FEW_USERS, users: 100, levels: 60, weighted: false }, labelEveryRow],
    ['with all labels and weights', { ...FEW_USERS, users: 100, levels: 60, weighted: true }, labelEveryRow],
  ];
  for (const [which, options, change] of logs) {
    it(`gives each metric of a log whose users are repeated as often as they were drawn, ${which}`, () => {
      const log = generatedLog(randomStream(11, 'bootstrap'), options);
      change(log);
      const found = replicatesOf(log, TRIAL, ALL, 10);
      for (let b = 0; b < 10; b++) {
        const naive = repeated(log, (user) => poissonCount(1, user, b));
        const values = evaluate(naive, TRIAL, ALL, createEvaluationScratch(naive));
        for (const { name } of ALL) {
          expect(found[name]![b], `${name}, replicate ${b}`).to.be.closeTo(values[name]!, 1e-12);
        }
      }
    });
  }

  it('gives the same bits for a head whichever others are resampled with it', () => {
    const log = generatedLog(randomStream(4, 'heads'), { ...FEW_USERS, levels: 0, weighted: false });
    labelEveryRow(log);
    const names = Array.from({ length: 11 }, (_, t) => `head${t}`);
    const heads = names.map((name, t) => ({ ...log.heads[t % 2]!, name }));
    heads[3] = { ...heads[3]!, label: new Int8Array(new SharedArrayBuffer(log.rows)) };
    heads[3].label.set(log.heads[1]!.label.map((y, i) => (i % 3 === 0 ? -1 : y)));
    const many = { ...log, heads };
    const metrics = names.map((name) => parseLogMetric(`${name}.average_precision`, names) as LogMetric);
    const ordering = { weights: new Float64Array(11).fill(0.5) };
    const together = replicatesOf(many, ordering, metrics, 10);
    for (const metric of metrics) {
      expect([...together[metric.name]!]).to.deep.equal([
        ...replicatesOf(many, ordering, [metric], 10)[metric.name]!,
      ]);
    }
  });

  it('tells the replicates that leave a metric undefined', () => {
    const log = generatedLog(randomStream(3, 'few'), {
      users: 3,
      requestsPerUser: 1,
      rowsPerRequest: 3,
      levels: 0,
      weighted: false,
    });
    const resamples = drawResamples(unitsOf(log), 200, 1);
    const metrics = [logMetric('click.average_precision')];
    const found = bootstrap(
      log,
      TRIAL,
      { metrics, combinations: [] },
      resamples,
      createEvaluationScratch(log),
    );
    const { undefinedReplicates } = bootstrapSummary(found['click.average_precision']!);
    const positives = (user: number): number =>
      log.heads[0]!.label.subarray(log.requestOffsets[user], log.requestOffsets[user + 1]).filter(
        (y) => y > 0,
      ).length;
    const empty = Array.from({ length: 200 }, (_, b) =>
      [0, 1, 2].reduce((sum, user) => sum + positives(user) * poissonCount(1, user, b), 0),
    ).filter((sum) => sum === 0).length;
    expect(empty).to.be.greaterThan(0);
    expect(undefinedReplicates).to.equal(empty);
    expect(() => bootstrapSummary(Float64Array.of(NaN, 1))).to.throw('1 of 2 replicates defined');
  });

  it('takes the percentiles between order statistics, as numpy does', () => {
    const { interval, sem } = bootstrapSummary(Float64Array.from({ length: 101 }, (_, i) => 100 - i));
    expect(interval[0]).to.be.closeTo(2.5, 1e-12);
    expect(interval[1]).to.be.closeTo(97.5, 1e-12);
    expect(sem).to.be.closeTo(29.3002, 1e-4);
  });
});

/** The relative error of a standard deviation from B replicates is about 1/√(2B), 1.8 % here; this is 4.5 times that. */
const REPLICATES = 1500;
const RELATIVE = 0.08;

describe('one-pass standard errors', () => {
  const log = generatedLog(randomStream(12, 'bootstrap'), {
    users: 400,
    requestsPerUser: 2,
    rowsPerRequest: 8,
    levels: 0,
    weighted: true,
  });
  const scratch = createEvaluationScratch(log);
  const influenceScratch = createInfluenceScratch(log);
  const measured = { metrics: SMOOTH, combinations: [] };
  const baseline = influencesOf(log, BASELINE, measured, scratch, influenceScratch);
  const influences = influencesOf(log, TRIAL, measured, scratch, influenceScratch);
  const found = evaluateWithErrors(log, TRIAL, measured, baseline, scratch, influenceScratch);
  let ofTrial: Readonly<Record<string, Float64Array>>;
  let ofBaseline: Readonly<Record<string, Float64Array>>;

  before(() => {
    ofTrial = replicatesOf(log, TRIAL, SMOOTH, REPLICATES);
    ofBaseline = replicatesOf(log, BASELINE, SMOOTH, REPLICATES);
  });

  it('are those of the bootstrap, of each metric and of each paired difference', () => {
    for (const { name } of SMOOTH) {
      const { sem } = bootstrapSummary(ofTrial[name]!);
      expect(found[name]!.sem! / sem, name).to.be.closeTo(1, RELATIVE);
      const paired = bootstrapSummary(differences(ofTrial[name]!, ofBaseline[name]!)).sem;
      if (paired === 0) expect(found[name]!.changeSem, name).to.equal(0);
      else expect(found[name]!.changeSem! / paired, `change of ${name}`).to.be.closeTo(1, RELATIVE);
    }
  });

  it('have the covariances of the bootstrap, within 0.06 of the correlation', () => {
    const [first, ...others] = SMOOTH.map(({ name }) => name);
    for (const name of others) {
      const correlation =
        covariance(influences[first!]!, influences[name]!) / (found[first!]!.sem! * found[name]!.sem!);
      const expected =
        replicateCovariance(ofTrial[first!]!, ofTrial[name]!) /
        (bootstrapSummary(ofTrial[first!]!).sem * bootstrapSummary(ofTrial[name]!).sem);
      expect(correlation, name).to.be.closeTo(expected, 0.06);
    }
  });

  it('are larger by user than by request where users differ', () => {
    const byRequest = { ...log, userOfRequest: undefined };
    const alone = evaluateWithErrors(
      byRequest,
      TRIAL,
      measured,
      undefined,
      scratch,
      createInfluenceScratch(byRequest),
    );
    expect(found['click.engagement@2']!.sem).to.be.greaterThan(1.1 * alone['click.engagement@2']!.sem!);
  });
});
