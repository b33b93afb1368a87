import { expect } from 'chai';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { averagePrecision } from './ranked-average-precision.ts';
import { brierScore } from '../../src/evaluator/metrics/brier.ts';
import { meanTopGain } from '../../src/evaluator/metrics/engagement.ts';
import { uniformCalibrationError } from '../../src/evaluator/metrics/expected-calibration-error.ts';
import { gainsOf } from '../../src/evaluator/metrics/gain.ts';
import { groupedAuc } from '../../src/evaluator/metrics/grouped-auc.ts';
import { hitRate } from '../../src/evaluator/metrics/hit-rate.ts';
import { logLoss } from '../../src/evaluator/metrics/log-loss.ts';
import { meanAveragePrecision } from '../../src/evaluator/metrics/mean-average-precision.ts';
import { idealGains, ndcg } from '../../src/evaluator/metrics/ndcg.ts';
import { prAucTrapezoid } from './ranked-pr-auc-trapezoid.ts';
import { precision } from '../../src/evaluator/metrics/precision.ts';
import { recall } from '../../src/evaluator/metrics/recall.ts';
import { rankPooled } from '../../src/evaluator/rank-pooled.ts';
import { rankWithinRequests } from '../../src/evaluator/rank-within-requests.ts';
import { selectRows } from '../../src/evaluator/selection.ts';
import { readGolden } from '../golden/read-golden.ts';

interface Case {
  readonly requests: number;
  readonly rowsPerRequest: number;
  readonly k: number;
  readonly tied: boolean;
  readonly score: number[];
  readonly label: number[];
  readonly grade: number[];
  readonly requestWeight: number[];
  readonly weight: number[];
  readonly probability: number[];
  readonly ndcg_linear_weighted: number;
  readonly ndcg_exponential_weighted: number;
  readonly dcg_mean: number;
  readonly pr_auc_trapezoid_weighted: number;
  readonly average_precision_weighted: number;
  readonly grouped_auc_impression: number;
  readonly grouped_auc_positive: number;
  readonly grouped_auc_one: number;
  readonly brier_weighted: number;
  readonly log_loss_weighted: number;
  readonly ece_uniform_10: number;
  readonly map?: number;
  readonly hit_at_k?: number;
  readonly precision_at_k?: number;
  readonly recall_at_k?: number;
}

const { cases } = readGolden<{ cases: Case[] }>('log-metrics');
const TOLERANCE = 1e-12;

function read({ requests, rowsPerRequest: n, score, label, grade, weight, requestWeight }: Case) {
  const requestOffsets = Int32Array.from({ length: requests + 1 }, (_, r) => r * n);
  const scratch = createEvaluationScratch({ rows: score.length, requestOffsets });
  const byRequest = Float64Array.from(score, (_, i) => requestWeight[Math.floor(i / n)]!);
  return {
    requestOffsets,
    scratch,
    utility: Float64Array.from(score),
    label: Int8Array.from(label),
    weight: Float64Array.from(weight),
    rows: selectRows(requestOffsets, Int8Array.from(label)),
    graded: selectRows(requestOffsets, Int8Array.from(grade), byRequest),
    weighted: selectRows(requestOffsets, Int8Array.from(label), Float64Array.from(weight)),
  };
}

describe('metrics with weights against scikit-learn', () => {
  it('has 24 logs to agree with, half of them with ties', () => {
    expect([cases.length, cases.filter(({ tied }) => tied).length]).to.deep.equal([24, 12]);
  });

  it('pooled metrics and calibration take row weights, to 1e-12', () => {
    for (const c of cases) {
      const { utility, scratch, label, weight } = read(c);
      const ranking = rankPooled(utility, scratch);
      const p = Float64Array.from(c.probability);
      expect(averagePrecision(ranking, label, weight)).to.be.closeTo(c.average_precision_weighted, TOLERANCE);
      expect(prAucTrapezoid(ranking, label, weight)).to.be.closeTo(c.pr_auc_trapezoid_weighted, TOLERANCE);
      expect(brierScore(p, label, weight)).to.be.closeTo(c.brier_weighted, TOLERANCE);
      expect(logLoss(p, label, weight)).to.be.closeTo(c.log_loss_weighted, TOLERANCE);
      expect(uniformCalibrationError(p, label, 10)).to.be.closeTo(c.ece_uniform_10, TOLERANCE);
    }
  });

  it('NDCG takes request weights, with linear and exponential gain of grades, to 1e-12', () => {
    for (const c of cases) {
      const { utility, scratch, requestOffsets, graded, rows } = read(c);
      const ranking = rankWithinRequests(utility, requestOffsets, scratch);
      const discounts = scratch.examination.log2;
      const at = (gain: 'linear' | 'exponential'): number | undefined => {
        const options = {
          cutoff: c.k,
          discounts,
          gains: gainsOf(gain),
          ties: 'averaged',
          empty: 'zero',
        } as const;
        return ndcg(ranking, graded, idealGains(graded, options), options);
      };
      expect(at('linear')).to.be.closeTo(c.ndcg_linear_weighted, TOLERANCE);
      expect(at('exponential')).to.be.closeTo(c.ndcg_exponential_weighted, TOLERANCE);
      expect(meanTopGain(ranking, rows, rows.label, c.k, discounts)).to.be.closeTo(c.dcg_mean, TOLERANCE);
    }
  });

  it('grouped AUC takes row weights inside and between requests, to 1e-12', () => {
    for (const c of cases) {
      const { utility, scratch, requestOffsets, weighted } = read(c);
      const ranking = rankWithinRequests(utility, requestOffsets, scratch);
      for (const weights of ['impression', 'positive', 'one'] as const) {
        expect(groupedAuc(ranking, weighted, weights)).to.be.closeTo(c[`grouped_auc_${weights}`], TOLERANCE);
      }
    }
  });

  it('bins of calibration error are closed above, whatever b/M rounds to', () => {
    for (let bins = 1; bins <= 200; bins++) {
      for (let b = 1; b <= bins; b++) {
        const edge = b / bins;
        const inside = (b - 0.5) / bins;
        const together = uniformCalibrationError(Float64Array.of(edge, inside), Int8Array.of(0, 1), bins);
        expect(together).to.be.closeTo(Math.abs(edge + inside - 1) / 2, TOLERANCE);
        if (b === bins) continue;
        const above = edge * (1 + 2 * Number.EPSILON);
        const apart = uniformCalibrationError(Float64Array.of(above, inside), Int8Array.of(0, 1), bins);
        expect(apart).to.be.closeTo((above + 1 - inside) / 2, TOLERANCE);
      }
    }
  });

  it('MAP, precision, recall and hit rate agree to 1e-12 where nothing ties', () => {
    for (const c of cases.filter(({ tied }) => !tied)) {
      const { utility, scratch, requestOffsets, rows } = read(c);
      const ranking = rankWithinRequests(utility, requestOffsets, scratch);
      const places = scratch.examination.one;
      expect(meanAveragePrecision(ranking, rows, Infinity, 'skip')).to.be.closeTo(c.map!, TOLERANCE);
      expect(precision(ranking, rows, c.k, places, 'skip')).to.be.closeTo(c.precision_at_k!, TOLERANCE);
      expect(recall(ranking, rows, c.k, places, 'skip')).to.be.closeTo(c.recall_at_k!, TOLERANCE);
      expect(hitRate(ranking, rows, c.k, 'skip')).to.be.closeTo(c.hit_at_k!, TOLERANCE);
    }
  });
});
