import { expect } from 'chai';
import { bytesPerRow } from '../../bench/evaluator/bytes-per-row.ts';
import {
  BASE_RATES,
  firstRows,
  generatedImpressions,
  HEADS,
} from '../../bench/evaluator/generated-impressions.ts';
import { metricsOfHeads } from '../../bench/evaluator/metrics-of-heads.ts';
import { findSklearn } from '../../bench/evaluator/sklearn.ts';
import { openPair } from '../../bench/evaluator/team.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';

const ROWS = 200_000;
const WEIGHTS = Float64Array.of(0.4, 0.3, 0.2, 0.1);

describe('bench:evaluator', () => {
  const log = generatedImpressions(ROWS, 1);

  it('generates labels at their base rates, and scores that are calibrated', () => {
    log.heads.forEach(({ probability, label }, t) => {
      const rate = label.reduce((sum, y) => sum + y, 0) / ROWS;
      const predicted = probability.reduce((sum, p) => sum + p, 0) / ROWS;
      const standardError = Math.sqrt(predicted / ROWS);
      expect(rate).to.be.closeTo(predicted, 4.5 * standardError);
      // Half the variance of a logit is not quite what its mean moves: up to a tenth of the rate.
      expect(predicted).to.be.closeTo(BASE_RATES[HEADS[t]!], 0.1 * BASE_RATES[HEADS[t]!]);
    });
  });

  for (const kind of ['average_precision', 'pr_auc_trapezoid', 'roc_auc'] as const) {
    it(`two threads give the bits of one, again and again: ${kind}`, async () => {
      const pair = await openPair(log, metricsOfHeads(kind));
      const scratch = createEvaluationScratch(log);
      const ofPair = createEvaluationScratch(log);
      try {
        for (const weights of [WEIGHTS, Float64Array.of(0, 0, 1, 3), WEIGHTS]) {
          const one = evaluate(log, { weights }, metricsOfHeads(kind), scratch);
          expect(pair.evaluate(weights, ofPair)).to.deep.equal(Object.values(one));
        }
      } finally {
        await pair.close();
      }
    });
  }

  it('counts the bytes of a row: four heads of 9, a twentieth of an offset, 29 of scratch and 2 of packed labels', () => {
    expect(bytesPerRow(log, WEIGHTS)).to.deep.include({ bytes_per_row: 36.2 });
    expect(bytesPerRow(log, WEIGHTS)['scratch_bytes_per_row']).to.be.closeTo(31, 0.1);
    expect(firstRows(log, 100).rows).to.equal(100);
  });

  it('says in one line why scikit-learn cannot be used', () => {
    expect(findSklearn('no-such-python')).to.deep.equal({
      missing: 'no-such-python cannot be run (spawnSync no-such-python ENOENT)',
    });
  });
});
