import { expect } from 'chai';
import * as fc from 'fast-check';
import { headSchema } from '../../src/domain/log.ts';
import { type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { readLog } from '../../src/evaluator/read-log.ts';
import * as naive from './naive-metrics.ts';
import type { Row } from './naive-metrics.ts';
import { type TemporaryLogs, temporaryLogs } from './temporary-log.ts';

const CURVE = [1, 0.625, 0.25];
const curve = (place: number): number => CURVE[place - 1] ?? 0;
const every = (): number => 1;

/** Each metric of a head by its name, and its twin. */
const TWINS: Readonly<Record<string, (rows: readonly Row[]) => number | undefined>> = {
  average_precision: naive.naiveAveragePrecision,
  pr_auc_trapezoid: naive.naiveTrapezoid,
  roc_auc: naive.naiveAuc,
  grouped_auc: (rows) => naive.naiveGroupedAuc(rows, naive.GROUP_WEIGHT.impression),
  'grouped_auc{weights=positive}': (rows) => naive.naiveGroupedAuc(rows, naive.GROUP_WEIGHT.positive),
  'grouped_auc{weights=one}': (rows) => naive.naiveGroupedAuc(rows, naive.GROUP_WEIGHT.one),
  'ndcg@3': (rows) => naive.overRequests(rows, naive.ndcg(3, naive.linear), undefined),
  'ndcg@3{gain=exponential}': (rows) => naive.overRequests(rows, naive.ndcg(3, naive.exponential), undefined),
  'ndcg@2{empty=zero,ties=pessimistic}': (rows) =>
    naive.overRequests(rows, naive.ndcg(2, naive.linear), 0, 'pessimistic'),
  'ndcg@2{ties=optimistic,empty=one,gain=exponential}': (rows) =>
    naive.overRequests(rows, naive.ndcg(2, naive.exponential), 1, 'optimistic'),
  'dcg@2': (rows) => naive.overRequests(rows, naive.dcg(2, naive.linear), 0),
  'dcg@3{gain=exponential}': (rows) => naive.overRequests(rows, naive.dcg(3, naive.exponential), 0),
  'dcg@3{debias=examination,clip=0.5}': (rows) => naive.overRequests(rows, naive.debiasedDcg(3, 0.5), 0),
  map: (rows) => naive.overRequests(rows, naive.averagePrecision(Infinity), undefined),
  'map@2{empty=zero}': (rows) => naive.overRequests(rows, naive.averagePrecision(2), 0),
  mrr: (rows) => naive.overRequests(rows, naive.reciprocalRank(Infinity), undefined),
  'mrr@2{empty=one}': (rows) => naive.overRequests(rows, naive.reciprocalRank(2), 1),
  'precision@4': (rows) => naive.overRequests(rows, naive.precision(4), undefined),
  'precision@2{empty=zero}': (rows) => naive.overRequests(rows, naive.precision(2), 0),
  'recall@2': (rows) => naive.overRequests(rows, naive.recall(2), undefined),
  'recall@1{empty=one}': (rows) => naive.overRequests(rows, naive.recall(1), 1),
  'hit@1': (rows) => naive.overRequests(rows, naive.hit(1), undefined),
  'hit@3{empty=zero}': (rows) => naive.overRequests(rows, naive.hit(3), 0),
  'engagement@2': (rows) => naive.overRequests(rows, naive.engagement(2), 0),
  'engagement@2{debias=examination}': (rows) => naive.overRequests(rows, naive.debiased(2), 0),
  'expected_engagement@2': (rows) => naive.overAllRequests(rows, naive.believed(2, every)),
  'expected_engagement@4{examination=log2}': (rows) =>
    naive.overAllRequests(rows, naive.believed(4, naive.discount)),
  'expected_engagement@3{examination=curve}': (rows) => naive.overAllRequests(rows, naive.believed(3, curve)),
  log_loss: naive.naiveLogLoss,
  brier: naive.naiveBrier,
  ece: (rows) => naive.naiveUniformError(rows, 15),
  'ece{bins=4}': (rows) => naive.naiveUniformError(rows, 4),
  'ece{bins=3,binning=quantile}': (rows) => naive.naiveQuantileError(rows, 3),
};

const HEADS = ['click', 'hide'] as const;
const UTILITY = { click: 0.5, hide: 0.25 } as const;
/** Exact in binary and coarse, so that utilities tie and rounding cannot break a tie. */
const score = fc.constantFrom(0, 0.25, 0.5, 0.75, 1);
const label = fc.constantFrom(0, 0, 1, null);
const grade = fc.constantFrom(0, 0, 1, 2, 3, null);
const impression = fc.record({
  scores: fc.tuple(score, score),
  labels: fc.tuple(label, grade),
  weight: fc.constantFrom(0, 0.5, 1, 2),
  examination: fc.constantFrom(0.25, 0.5, 1),
  segment: fc.constantFrom('new', 'old', null),
});
const log = fc.array(fc.array(impression, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 });
type Impressions = typeof log extends fc.Arbitrary<infer L> ? L : never;

function metric(name: string): LogMetric {
  const parsed = parseLogMetric(name, HEADS);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

function rowsOf(requests: Impressions, head: 0 | 1, weighted: boolean): Row[] {
  return requests.flatMap((rows, request) =>
    rows.map(({ scores, labels, weight, examination, segment }) => ({
      request,
      utility: UTILITY.click * scores[0] - UTILITY.hide * scores[1],
      probability: scores[head],
      label: labels[head] === null ? null : Math.min(labels[head], 1),
      grade: labels[head],
      weight: weighted ? weight : 1,
      examination,
      segment,
    })),
  );
}

function read(logs: TemporaryLogs, requests: Impressions, weighted: boolean): Promise<EngagementLog> {
  const lines = requests.flatMap((rows, r) =>
    rows.map(({ scores, labels, weight: w, examination: e, segment: g }) =>
      JSON.stringify({ r, s0: scores[0], s1: scores[1], y0: labels[0], y1: labels[1], w, e, g }),
    ),
  );
  return readLog({
    path: logs.write('log.ndjson', lines.join('\n')),
    request: 'r',
    ...(weighted && { weight: 'w' }),
    examination: 'e',
    examinationCurve: CURVE,
    segment: 'g',
    nullScores: 'refuse',
    heads: {
      click: headSchema.parse({ score: 's0', label: 'y0' }),
      hide: headSchema.parse({ score: 's1', label: 'y1', sign: -1, maxGrade: 3 }),
    },
  });
}

describe('every metric and its naive twin', () => {
  let logs: TemporaryLogs;
  before(() => {
    logs = temporaryLogs();
  });
  after(() => logs.remove());

  for (const weighted of [false, true]) {
    it(`agree on small logs with ties, grades, missing labels and segments, ${weighted ? 'weighted' : 'unweighted'}`, async () => {
      const ordering = { weights: Float64Array.of(UTILITY.click, UTILITY.hide) };
      await fc.assert(
        fc.asyncProperty(log, async (requests) => {
          fc.pre(!weighted || requests.flat().some(({ weight }) => weight > 0));
          const loaded = await read(logs, requests, weighted);
          const scratch = createEvaluationScratch(loaded);
          for (const [head, name] of HEADS.entries()) {
            const rows = rowsOf(requests, head as 0 | 1, weighted);
            for (const segment of [undefined, 'new', 'old']) {
              const inSegment = rows.filter((row) => segment === undefined || row.segment === segment);
              for (const [kind, twin] of Object.entries(TWINS)) {
                const full = `${name}.${kind}${segment === undefined ? '' : `[segment=${segment}]`}`;
                const compute = () => evaluate(loaded, ordering, [metric(full)], scratch)[full];
                const expected = inSegment.length === 0 ? undefined : twin(inSegment);
                if (inSegment.length === 0) expect(compute, full).to.throw('that the log does not have');
                else if (expected === undefined)
                  expect(compute, full).to.throw(`metric ${full} is undefined`);
                else expect(compute(), full).to.be.closeTo(expected, 1e-12);
              }
            }
          }
        }),
        { numRuns: 60 },
      );
    });
  }

  it('agree when they are computed together, again and again, in one scratch', async () => {
    await fc.assert(
      fc.asyncProperty(log, async (requests) => {
        const rows = rowsOf(requests, 0, false);
        const defined = Object.entries(TWINS).filter(([, twin]) => twin(rows) !== undefined);
        const metrics = defined.map(([kind]) => metric(`click.${kind}`));
        const loaded = await read(logs, requests, false);
        const scratch = createEvaluationScratch(loaded);
        for (const weights of [
          [0, 1],
          [1, 0],
          [UTILITY.click, UTILITY.hide],
        ]) {
          const values = evaluate(loaded, { weights: Float64Array.from(weights) }, metrics, scratch);
          if (weights[0] !== UTILITY.click) continue;
          for (const [kind, twin] of defined) {
            expect(values[`click.${kind}`], kind).to.be.closeTo(twin(rows)!, 1e-12);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
