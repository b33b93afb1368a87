import { expect } from 'chai';
import { bytesOf } from '../../bench/evaluator/bytes-per-row.ts';
import { generatedImpressions } from '../../bench/evaluator/generated-impressions.ts';
import { metricsOfHeads } from '../../bench/evaluator/metrics-of-heads.ts';
import { evaluateWithErrors, influencesOf } from '../../src/evaluator/evaluate-with-errors.ts';
import { evaluationMemory } from '../../src/evaluator/evaluation-memory.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { createInfluenceScratch } from '../../src/evaluator/influence/influences.ts';
import { labelCodes } from '../../src/evaluator/pooled/label-codes.ts';
import { rankPooled } from '../../src/evaluator/rank-pooled.ts';
import { rankedBlocks } from '../../src/evaluator/replicates/ranked-blocks.ts';
import { createReplicateCounts } from '../../src/evaluator/replicates/replicate-counts.ts';
import { drawResamples } from '../../src/evaluator/replicates/resamples.ts';
import { selectRows } from '../../src/evaluator/selection.ts';
import { unitsOf } from '../../src/evaluator/units.ts';
import { writeUtility } from '../../src/evaluator/utility.ts';
import { evaluationsAtOnce, LARGE_LOG_ROWS } from '../../src/service/evaluations-at-once.ts';

const ROWS = 240_000;
const ROWS_PER_REQUEST = 6;
const THREAD_BYTES = 40e6;
const ORDERING = { weights: Float64Array.of(0.4, 0.3, 0.2, 0.1) };

describe('the memory of an evaluation', () => {
  const generated = generatedImpressions(ROWS, 1);
  const requests = ROWS / ROWS_PER_REQUEST;
  const requestOffsets = new Int32Array(new SharedArrayBuffer(4 * (requests + 1)));
  for (let r = 0; r <= requests; r++) requestOffsets[r] = r * ROWS_PER_REQUEST;
  const columnOf = (value: (row: number) => number): Float64Array<SharedArrayBuffer> => {
    const column = new Float64Array(new SharedArrayBuffer(8 * ROWS));
    for (let i = 0; i < ROWS; i++) column[i] = value(i);
    return column;
  };
  const position = new Int32Array(new SharedArrayBuffer(4 * ROWS));
  for (let i = 0; i < ROWS; i++) position[i] = 1 + (i % ROWS_PER_REQUEST);
  const log = {
    ...generated,
    requests,
    requestOffsets,
    position,
    displayPropensity: columnOf(() => 1 / ROWS_PER_REQUEST),
    examination: columnOf(() => 0.5),
  };

  for (const kinds of [
    ['average_precision'],
    ['average_precision', 'roc_auc', 'ndcg@10', 'grouped_auc'],
    ['average_precision', 'ips.engagement@2', 'snips.dcg@3{gain=exponential}'],
    ['average_precision', 'dcg@3{debias=examination}'],
  ]) {
    it(`is what its arrays take, where requests have six rows: ${kinds.join(', ')}`, () => {
      const metrics = kinds.flatMap(metricsOfHeads);
      const measured = { metrics, combinations: [] };
      const scratch = createEvaluationScratch(log);
      const influences = createInfluenceScratch(log);
      const baseline = influencesOf(log, ORDERING, measured, scratch, influences);
      evaluateWithErrors(log, ORDERING, measured, baseline, scratch, influences);
      const selections = [...scratch.selections.values()].map(({ counted, positives }) => ({
        counted,
        positives,
      }));
      const { work: _, table: __, ...pooled } = scratch.pooled;
      const taken =
        bytesOf({ ...scratch, pooled }) +
        bytesOf({ selected: selections }) +
        bytesOf({ influences, baseline });
      const size = { metrics, combinations: 0, workers: 0, atOnce: 1, replicates: 0 };
      expect(evaluationMemory(ROWS, size) / taken).to.be.within(1, 1.2);
      const two = evaluationMemory(ROWS, { ...size, workers: 2, atOnce: 2 });
      expect(two - 2 * THREAD_BYTES).to.be.within(1.6 * taken, 2.4 * taken);
    });
  }

  it('of a bootstrap is what it draws and lays out', () => {
    const metrics = metricsOfHeads('average_precision');
    const size = { metrics, combinations: 0, workers: 0, atOnce: 1, replicates: 0 };
    const counted = evaluationMemory(ROWS, { ...size, replicates: 200 }) - evaluationMemory(ROWS, size);
    const scratch = createEvaluationScratch(log);
    writeUtility(log, ORDERING, scratch.utility);
    const ranking = rankPooled(scratch.utility, scratch);
    const units = unitsOf(log);
    const selections = log.heads.map(({ label }) => selectRows(requestOffsets, label));
    const codes = labelCodes(selections, ROWS);
    const positives = selections.map((selected) => selected.positives.reduce((sum, count) => sum + count, 0));
    const room = { unit: scratch.order[1], weight: scratch.pooled.rows.utility };
    const blocks = rankedBlocks(ranking, codes, positives, units.ofRow, room);
    const resamples = drawResamples(units, 200, 1);
    const taken =
      bytesOf({ codes, bounds: blocks.rows.bounds, positives: blocks.positives }) +
      bytesOf({ counts: resamples.counts, lanes: createReplicateCounts(resamples).bytes });
    expect(counted / taken).to.be.within(1, 1.2);
  });

  it('counts one evaluation at a time of a large log, and one a worker of others', () => {
    expect(evaluationsAtOnce(LARGE_LOG_ROWS, 4)).to.equal(1);
    expect(evaluationsAtOnce(LARGE_LOG_ROWS - 1, 4)).to.equal(4);
  });
});
