import { expect } from 'chai';
import * as fc from 'fast-check';
import { headSchema } from '../../src/domain/log.ts';
import { type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { readLog } from '../../src/evaluator/read-log.ts';
import { type TemporaryLogs, temporaryLogs } from './temporary-log.ts';

/** The twin: pairs of rows, straight from the definitions. */
interface Row {
  readonly request: string;
  readonly utility: number;
  readonly label: number | null;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function pairwiseAuc(rows: readonly Row[]): number | undefined {
  const pairs = rows
    .filter((p) => p.label === 1)
    .flatMap((p) =>
      rows
        .filter((n) => n.label === 0)
        .map((n) => (p.utility > n.utility ? 1 : p.utility === n.utility ? 0.5 : 0)),
    );
  return pairs.length === 0 ? undefined : mean(pairs);
}

/** Each positive has the precision at its own threshold. */
function precisionMean(rows: readonly Row[]): number | undefined {
  const labelled = rows.filter((row) => row.label !== null);
  const precisions = labelled
    .filter((row) => row.label === 1)
    .map(({ utility }) => mean(labelled.filter((row) => row.utility >= utility).map((row) => row.label!)));
  return precisions.length === 0 ? undefined : mean(precisions);
}

/** A row tied with t − 1 others takes each of their places with probability 1 / t. */
function expectedDcg(rows: readonly Row[], k: number): number {
  return rows.reduce((sum, row) => {
    const above = rows.filter((other) => other.utility > row.utility).length;
    const tied = rows.filter((other) => other.utility === row.utility).length;
    const places = Array.from({ length: tied }, (_, i) => above + i + 1);
    return sum + row.label! * mean(places.map((place) => (place <= k ? Math.LN2 / Math.log(place + 1) : 0)));
  }, 0);
}

function requestsOf(rows: readonly Row[]): Row[][] {
  const ids = [...new Set(rows.map((row) => row.request))];
  return ids.map((id) => rows.filter((row) => row.request === id && row.label !== null));
}

function meanNdcg(rows: readonly Row[], k: number): number | undefined {
  const values = requestsOf(rows)
    .filter((request) => request.some((row) => row.label === 1))
    .map(
      (request) =>
        expectedDcg(request, k) /
        expectedDcg(
          request.map((row) => ({ ...row, utility: row.label! })),
          k,
        ),
    );
  return values.length === 0 ? undefined : mean(values);
}

function meanGroupedAuc(rows: readonly Row[]): number | undefined {
  const scored = requestsOf(rows).flatMap((request) => {
    const auc = pairwiseAuc(request);
    return auc === undefined ? [] : [{ auc, impressions: request.length }];
  });
  if (scored.length === 0) return undefined;
  const impressions = scored.reduce((sum, request) => sum + request.impressions, 0);
  return scored.reduce((sum, request) => sum + request.auc * request.impressions, 0) / impressions;
}

const HEADS = ['click', 'hide'] as const;
const CUTOFF = 3;
/** Exact in binary and coarse, so that utilities tie and rounding cannot break a tie. */
const score = fc.constantFrom(0, 0.25, 0.5, 0.75, 1);
const label = fc.constantFrom(0, 0, 1, null);
const logRow = fc.record({
  request: fc.constantFrom('a', 'b', 'c', 'd'),
  scores: fc.tuple(score, score),
  labels: fc.tuple(label, label),
});
const weight = fc.constantFrom(0, 0.25, 0.5, 1, 2);

function metric(name: string): LogMetric {
  const parsed = parseLogMetric(name, HEADS);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

describe('the evaluator and its brute-force twin', () => {
  let logs: TemporaryLogs;
  before(() => {
    logs = temporaryLogs();
  });
  after(() => logs.remove());

  it('agree on small logs with ties, missing labels, a negative head and interleaved requests', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(logRow, { minLength: 1, maxLength: 40 }),
        fc.tuple(weight, weight),
        async (impressions, weights) => {
          const lines = impressions.map(({ request, scores, labels }) =>
            JSON.stringify({ request, s0: scores[0], s1: scores[1], y0: labels[0], y1: labels[1] }),
          );
          const log = await readLog({
            path: logs.write('log.ndjson', lines.join('\n')),
            request: 'request',
            nullScores: 'refuse',
            heads: {
              click: headSchema.parse({ score: 's0', label: 'y0' }),
              hide: headSchema.parse({ score: 's1', label: 'y1', sign: -1 }),
            },
          });
          const scratch = createEvaluationScratch(log);
          HEADS.forEach((head, t) => {
            const rows = impressions.map(({ request, scores, labels }) => ({
              request,
              utility: weights[0] * scores[0] - weights[1] * scores[1],
              label: labels[t]!,
            }));
            const expected = {
              [`${head}.average_precision`]: precisionMean(rows),
              [`${head}.roc_auc`]: pairwiseAuc(rows),
              [`${head}.grouped_auc`]: meanGroupedAuc(rows),
              [`${head}.ndcg@${CUTOFF}`]: meanNdcg(rows, CUTOFF),
            };
            for (const [name, value] of Object.entries(expected)) {
              const compute = () =>
                evaluate(log, { weights: Float64Array.from(weights) }, [metric(name)], scratch)[name];
              if (value === undefined) expect(compute).to.throw(`metric ${name} is undefined on this log`);
              else expect(compute()).to.be.closeTo(value, 1e-12);
            }
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});
