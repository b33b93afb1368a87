import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import {
  readPlainLog,
  type PlainLog,
  plainAveragePrecision,
  plainNdcg,
  plainUtility,
} from './plain-evaluator.ts';
import { printedBy } from './run-pondera.ts';
import { parseSweep, type PrintedSweep } from './sweep-report.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

interface Reference {
  readonly trials: readonly (Readonly<
    Record<string, { readonly average_precision: number; readonly ndcg_at_5: number }>
  > & { readonly weights: Readonly<Record<string, number>> })[];
}

const checkout = fileURLToPath(new URL('../../../', import.meta.url));
const source = process.env['PONDERA_NEWSFEED'] ?? join(checkout, '../shared/data/newsfeed');
const HEADS = ['click', 'long_click', 'deep_scroll', 'follow_on'];
const TRIALS = 12;

function expectPlainMetrics(log: PlainLog, weights: Readonly<Record<string, number>>, metrics: object): void {
  const utility = plainUtility(log, weights);
  const expected: Record<string, number> = {};
  for (const head of HEADS) expected[`${head}.average_precision`] = plainAveragePrecision(log, utility, head);
  for (const head of ['long_click', 'follow_on'])
    expected[`${head}.ndcg@5`] = plainNdcg(log, utility, head, 5);
  expect(metrics).to.have.all.keys(Object.keys(expected));
  for (const [metric, value] of Object.entries(metrics)) {
    expect(value, metric).to.be.closeTo(expected[metric]!, 1e-12);
  }
}

describe('a sweep of the newsfeed log', () => {
  let folder: TemporaryFolder;
  let sweep: PrintedSweep;
  let log: PlainLog;

  before(async function () {
    folder = temporaryFolder();
    if (!existsSync(join(source, 'impressions.parquet'))) {
      process.stdout.write(`    skipped: ${source} is not here (PONDERA_NEWSFEED names its folder)\n`);
      this.skip();
    }
    const study = join(checkout, 'examples/newsfeed.study.yaml');
    const options = [
      '--log',
      join(source, 'impressions.parquet'),
      '--db',
      folder.file('newsfeed.db'),
      '--json',
    ];
    const printed = printedBy(['sweep', study, ...options, '--trials', String(TRIALS)]);
    log = readPlainLog(join(source, 'impressions.csv.gz'), HEADS);
    sweep = parseSweep(await printed);
  });
  after(() => folder.remove());

  it("gives the equal-weight baseline scikit-learn's metrics to 1e-9", () => {
    const reference = JSON.parse(readFileSync(join(source, 'reference.json'), 'utf8')) as Reference;
    const equal = reference.trials.find(({ weights }) => HEADS.every((head) => weights[head] === 0.25))!;
    const { metrics, weights } = sweep.trials[0]!;
    expect(weights).to.deep.equal(equal.weights);
    for (const head of HEADS) {
      expect(metrics[`${head}.average_precision`]).to.be.closeTo(equal[head]!.average_precision, 1e-9);
    }
    for (const head of ['long_click', 'follow_on']) {
      expect(metrics[`${head}.ndcg@5`]).to.be.closeTo(equal[head]!.ndcg_at_5, 1e-9);
    }
  });

  it('gives the baseline the metrics of a plain computation to 1e-12', () => {
    expectPlainMetrics(log, sweep.trials[0]!.weights!, sweep.trials[0]!.metrics);
  });

  it('gives the best trial the metrics of a plain computation to 1e-12', () => {
    const { number, weights, feasible } = sweep.best;
    expect(feasible).to.equal(true);
    expectPlainMetrics(log, weights, sweep.trials[number]!.metrics);
  });

  it('finds weights that beat the baseline and meet every guardrail', () => {
    const { best, trials, counts } = sweep;
    expect(counts.completed).to.equal(TRIALS);
    const objective = 'long_click.average_precision';
    expect(best.metrics[objective]!.value).to.be.greaterThan(trials[0]!.metrics[objective]!);
    const bounds = { click: 0.98, deep_scroll: 0.98, follow_on: 0.9 };
    for (const [head, share] of Object.entries(bounds)) {
      const metric = `${head}.average_precision`;
      const bound = share * trials[0]!.metrics[metric]!;
      expect(trials[best.number]!.metrics[metric]).to.be.at.least(bound);
    }
  });
});
