import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { headSchema } from '../../src/domain/log.ts';
import { type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { readLog } from '../../src/evaluator/read-log.ts';

interface HeadReference {
  readonly average_precision: number;
  readonly roc_auc: number;
  readonly ndcg_at_5: number;
  readonly gauc_impression_weighted: number;
  readonly requests_with_a_positive: number;
}

interface CalibrationReference {
  readonly rows: number;
  readonly positives: number;
  readonly brier_raw: number;
  readonly brier_calibrated: number;
  readonly log_loss_raw: number;
  readonly log_loss_calibrated: number;
  readonly mean_calibrated: number;
  readonly base_rate: number;
}

interface Reference {
  readonly rows: number;
  readonly requests: number;
  readonly negative_keep_rate: number;
  readonly calibration: Record<string, CalibrationReference>;
  readonly trials: readonly (Record<string, HeadReference> & { readonly weights: Record<string, number> })[];
}

const checkout = fileURLToPath(new URL('../../../', import.meta.url));
const folder = process.env['PONDERA_NEWSFEED'] ?? join(checkout, '../shared/data/newsfeed');
const HEADS = ['click', 'long_click', 'deep_scroll', 'follow_on'];
const TOLERANCE = 1e-9;

function metric(name: string): LogMetric {
  const parsed = parseLogMetric(name, HEADS);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

const METRICS = HEADS.flatMap((head) =>
  ['average_precision', 'roc_auc', 'ndcg@5', 'grouped_auc'].map((kind) => metric(`${head}.${kind}`)),
);

function readNewsfeed(file: string, { negative_keep_rate }: Reference): Promise<EngagementLog> {
  const heads = HEADS.map((head) => [
    head,
    headSchema.parse({
      score: `score_${head}`,
      label: `label_${head}`,
      negativeKeepRate: negative_keep_rate,
    }),
  ]);
  return readLog({
    path: join(folder, file),
    request: 'request_id',
    nullScores: 'refuse',
    heads: Object.fromEntries(heads),
  });
}

function expectCalibration(log: EngagementLog, { calibration }: Reference): void {
  for (const { name, calibration: report } of log.heads) {
    const expected = calibration[name]!;
    expect(report.rowsWithLabel).to.equal(expected.rows);
    expect(report.positives).to.equal(expected.positives);
    expect(report.baseRate).to.be.closeTo(expected.base_rate, TOLERANCE);
    expect(report.before!.brier).to.be.closeTo(expected.brier_raw, TOLERANCE);
    expect(report.before!.logLoss).to.be.closeTo(expected.log_loss_raw, TOLERANCE);
    expect(report.after!.brier).to.be.closeTo(expected.brier_calibrated, TOLERANCE);
    expect(report.after!.logLoss).to.be.closeTo(expected.log_loss_calibrated, TOLERANCE);
    expect(report.after!.mean).to.be.closeTo(expected.mean_calibrated, TOLERANCE);
  }
}

function expectTrials(log: EngagementLog, { trials }: Reference): void {
  const scratch = createEvaluationScratch(log);
  for (const trial of trials) {
    const weights = Float64Array.from(HEADS, (head) => trial.weights[head]!);
    const values = evaluate(log, { weights }, METRICS, scratch);
    for (const { name, calibration } of log.heads) {
      const expected = trial[name]!;
      expect(values[`${name}.average_precision`]).to.be.closeTo(expected.average_precision, TOLERANCE);
      expect(values[`${name}.roc_auc`]).to.be.closeTo(expected.roc_auc, TOLERANCE);
      expect(values[`${name}.ndcg@5`]).to.be.closeTo(expected.ndcg_at_5, TOLERANCE);
      expect(values[`${name}.grouped_auc`]).to.be.closeTo(expected.gauc_impression_weighted, TOLERANCE);
      expect(calibration.requestsWithPositive).to.equal(expected.requests_with_a_positive);
    }
  }
}

describe('the newsfeed log', () => {
  for (const file of ['impressions.parquet', 'impressions.csv.gz']) {
    it(`gives scikit-learn's metrics of 12 weight vectors to 1e-9, read from ${file}`, async function () {
      if (!existsSync(join(folder, file))) {
        process.stdout.write(
          `    skipped: ${join(folder, file)} is not here (PONDERA_NEWSFEED names its folder)\n`,
        );
        this.skip();
      }
      const reference = JSON.parse(readFileSync(join(folder, 'reference.json'), 'utf8')) as Reference;
      const log = await readNewsfeed(file, reference);
      expect([log.rows, log.requests]).to.deep.equal([reference.rows, reference.requests]);
      expect(reference.trials.length).to.equal(12);
      expectCalibration(log, reference);
      expectTrials(log, reference);
    });
  }
});
