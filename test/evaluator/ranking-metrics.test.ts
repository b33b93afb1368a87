import { expect } from 'chai';
import { calibrate } from '../../src/evaluator/calibrate.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { averagePrecision } from './ranked-average-precision.ts';
import { brierScore } from '../../src/evaluator/metrics/brier.ts';
import { logLoss } from '../../src/evaluator/metrics/log-loss.ts';
import { gainsOf } from '../../src/evaluator/metrics/gain.ts';
import { idealGains, ndcg } from '../../src/evaluator/metrics/ndcg.ts';
import { prAucTrapezoid } from './ranked-pr-auc-trapezoid.ts';
import { rocAuc } from './ranked-roc-auc.ts';
import { rankPooled } from '../../src/evaluator/rank-pooled.ts';
import { rankWithinRequests } from '../../src/evaluator/rank-within-requests.ts';
import { selectRows } from '../../src/evaluator/selection.ts';
import { readGolden } from '../golden/read-golden.ts';

interface RankingCase {
  readonly score: number[];
  readonly label: number[];
  readonly weight: number[] | null;
  readonly average_precision: number;
  readonly roc_auc: number;
  readonly pr_auc_trapezoid: number;
  readonly graded_label: number[];
  readonly k: number;
  readonly ndcg_linear_ties_averaged: number;
  readonly ndcg_linear_ties_averaged_binary: number;
}

interface ProbabilityCase {
  readonly negative_keep_rate: number;
  readonly score_on_downsampled: number[];
  readonly label: number[];
  readonly calibrated: number[];
  readonly brier: number;
  readonly log_loss: number;
}

const golden = readGolden<{ ranking: RankingCase[]; probability: ProbabilityCase[] }>('ranking-metrics');
const TOLERANCE = 1e-12;

function oneRequest(scores: readonly number[]) {
  const requestOffsets = Int32Array.of(0, scores.length);
  const scratch = createEvaluationScratch({ rows: scores.length, requestOffsets });
  return { utility: Float64Array.from(scores), requestOffsets, scratch };
}

describe('metrics against scikit-learn', () => {
  it('has 60 rankings and 12 calibrations to agree with', () => {
    expect([golden.ranking.length, golden.probability.length]).to.deep.equal([60, 12]);
  });

  it('average precision, ROC-AUC and trapezoid PR-AUC agree to 1e-12, with ties and weights', () => {
    for (const c of golden.ranking) {
      const { utility, scratch } = oneRequest(c.score);
      const ranking = rankPooled(utility, scratch);
      const label = Int8Array.from(c.label);
      const weight = c.weight === null ? undefined : Float64Array.from(c.weight);
      expect(averagePrecision(ranking, label, weight)).to.be.closeTo(c.average_precision, TOLERANCE);
      expect(rocAuc(ranking, label, weight)).to.be.closeTo(c.roc_auc, TOLERANCE);
      expect(prAucTrapezoid(ranking, label, weight)).to.be.closeTo(c.pr_auc_trapezoid, TOLERANCE);
    }
  });

  it('NDCG agrees to 1e-12, with ties averaged, for graded gains and for binary labels', () => {
    const gains = gainsOf('linear');
    for (const c of golden.ranking) {
      const { utility, requestOffsets, scratch } = oneRequest(c.score);
      const ranking = rankWithinRequests(utility, requestOffsets, scratch);
      const discounts = scratch.examination.log2;
      const options = { cutoff: c.k, discounts, gains, ties: 'averaged', empty: 'zero' } as const;
      const at = (grade: number[]): number => {
        const rows = selectRows(requestOffsets, Int8Array.from(grade));
        return ndcg(ranking, rows, idealGains(rows, options), options)!;
      };
      expect(at(c.graded_label)).to.be.closeTo(c.ndcg_linear_ties_averaged, TOLERANCE);
      expect(at(c.label)).to.be.closeTo(c.ndcg_linear_ties_averaged_binary, TOLERANCE);
    }
  });

  it('calibration, Brier score and log loss agree to 1e-12', () => {
    for (const c of golden.probability) {
      const p = Float64Array.from(c.score_on_downsampled);
      calibrate(p, c.negative_keep_rate);
      c.calibrated.forEach((expected, i) => expect(p[i]).to.be.closeTo(expected, TOLERANCE));
      const label = Int8Array.from(c.label);
      expect(brierScore(p, label)).to.be.closeTo(c.brier, TOLERANCE);
      expect(logLoss(p, label)).to.be.closeTo(c.log_loss, TOLERANCE);
    }
  });

  it('a certain mistake costs a finite log loss', () => {
    expect(logLoss(Float64Array.of(0), Int8Array.of(1))).to.be.closeTo(52 * Math.LN2, TOLERANCE);
  });
});
