import { expect } from 'chai';
import { headSchema } from '../../../src/domain/log.ts';
import { type LogMetric, parseLogMetric } from '../../../src/domain/metric.ts';
import type { EngagementLog } from '../../../src/evaluator/engagement-log.ts';
import { evaluate } from '../../../src/evaluator/evaluate.ts';
import { createEvaluationScratch } from '../../../src/evaluator/evaluation-scratch.ts';
import type { BinnedLog } from '../../../src/evaluator/histogram/binned-log.ts';
import { BOUNDS_BY_KIND } from '../../../src/evaluator/histogram/bounds-by-kind.ts';
import { openBinnedLog } from '../../../src/evaluator/histogram/open-binned-log.ts';
import { placeOf } from '../../../src/evaluator/histogram/row-selections.ts';
import { addHistograms } from '../../../src/evaluator/histogram/utility-histogram.ts';
import { headOf, rowsOf } from '../../../src/evaluator/metric-rows.ts';
import { readLog } from '../../../src/evaluator/read-log.ts';
import { type Ordering, writeUtility } from '../../../src/evaluator/utility.ts';
import { randomStream } from '../../../math/random.ts';
import { temporaryLogs } from '../temporary-log.ts';
import { histogramOf } from './binned-rows.ts';

/** Of values of size 1 that are sums over thousands of rows, added in another order. */
const ROUNDING = 1e-12;
const BINS = 64;
const ROWS = 3000;
const HEADS = {
  click: headSchema.parse({ score: 'score click', label: 'y"click', negativeKeepRate: 0.1 }),
  grade: headSchema.parse({ score: 's2', label: 'y2', maxGrade: 3 }),
  hide: headSchema.parse({ score: 's3', label: 'y3', sign: -1 }),
};

const metric = (name: string): LogMetric => {
  const parsed = parseLogMetric(name, Object.keys(HEADS));
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
};
const METRICS = [
  ...Object.keys(HEADS).flatMap((head) =>
    ['average_precision', 'roc_auc', 'pr_auc_trapezoid', 'log_loss', 'brier'].map(
      (kind) => `${head}.${kind}`,
    ),
  ),
  'click.average_precision[segment=new]',
  'grade.roc_auc[segment=new]',
  'click.log_loss[segment=old]',
].map(metric);

/** As CSV: ties by few decimals, missing labels, segments, weights of which some are 0, and a null score in one row of fifty. */
function generatedCsv(rows: number): string {
  const random = randomStream(7, 'binned log');
  const lines = Array.from({ length: rows }, (_, i) => {
    const score = (): string => (0.5 * random.uniform() ** 2).toFixed(2);
    const scores = [random.uniform() < 0.02 ? '' : score(), score(), score()];
    const label = (most: number): string =>
      random.uniform() < 0.15 ? '' : String(Math.floor(random.uniform() ** 3 * (most + 1)));
    const rest = [label(1), label(3), label(1), random.normal().toFixed(1)];
    const weight = random.uniform() < 0.1 ? 0 : random.uniform() * 3;
    return [i >> 2, ...scores, ...rest, weight, ['new', 'old', ''][Math.floor(random.uniform() * 3)]].join(
      ',',
    );
  });
  return `r,score click,s2,s3,"y""click",y2,y3,logged,w,seg\n${lines.join('\n')}\n`;
}

const ORDERINGS: readonly Ordering[] = [
  { weights: Float64Array.of(0.2, 0.3, 0.5) },
  { weights: Float64Array.of(1 / 3, 1 / 7, 11 / 21) },
  { weights: Float64Array.of(0, 0, 0) },
  'baselineScore',
  { weights: Float64Array.of(1e-7, 123456.789, 0) },
];

const names = (path: string | readonly string[], weighted: boolean) => ({
  path,
  request: 'r',
  nullScores: 'drop' as const,
  heads: HEADS,
  segment: 'seg',
  baselineScore: 'logged',
  ...(weighted && { weight: 'w' }),
});

/** What the rows in memory say: histograms by the definition of a bin, metrics exactly. */
const utilities = (log: EngagementLog, ordering: Ordering): Float64Array => {
  const utility = new Float64Array(log.rows);
  writeUtility(log, ordering, utility);
  return utility;
};

const open = (path: string | readonly string[], weighted = false): Promise<BinnedLog> =>
  openBinnedLog({ ...names(path, weighted), bins: BINS, metrics: METRICS, memoryBudget: 1e9 });

async function sumsOf(path: readonly string[]): Promise<unknown> {
  const binned = await open(path, true);
  const found = await binned.histograms(ORDERINGS);
  binned.close();
  return [found, [...binned.constants], binned.selections];
}

describe('a log in the histogram form', () => {
  const logs = temporaryLogs();
  const csv = logs.write('log.csv', generatedCsv(ROWS));
  let parquet: string;
  let shards: string[];
  before(async () => {
    const rows = `SELECT * FROM read_csv('${csv}', header = true)`;
    parquet = await logs.writeParquet('log.parquet', rows);
    shards = [
      await logs.writeParquet('shard-1.parquet', `${rows} LIMIT 1000`),
      await logs.writeParquet('shard-2.parquet', `${rows} OFFSET 1000`),
    ];
  });
  after(() => logs.remove());

  for (const [form, path] of [
    ['CSV', () => csv],
    ['Parquet', () => parquet],
    ['two files', () => shards],
  ] as const) {
    for (const weighted of [false, true]) {
      it(`counts what the rows in memory count, from ${form}${weighted ? ', with weights' : ''}`, async () => {
        const log = await readLog(names(path(), weighted));
        const binned = await open(path(), weighted);
        try {
          expect([binned.rows, binned.droppedRows]).to.deep.equal([log.rows, log.droppedRows]);
          const found = await binned.histograms(ORDERINGS);
          for (const [k, ordering] of ORDERINGS.entries()) {
            const utility = utilities(log, ordering);
            const exact = evaluate(log, ordering, METRICS, createEvaluationScratch(log));
            for (const each of METRICS) {
              const histogram = found[k]![placeOf(binned.selections, each)]!;
              const { label } = rowsOf(log, headOf(log, each), each, { selections: new Map() });
              const rows = Array.from(utility, (u, i) => ({
                utility: u,
                label: label[i]!,
                weight: log.weight?.[i] ?? 1,
              }));
              const expected = histogramOf(rows, histogram.bins, weighted);
              for (const key of ['positive', 'negative'] as const) {
                if (!weighted) expect(histogram[key], each.name).to.deep.equal(expected[key]);
                else
                  histogram[key].forEach((sum, bin) => expect(sum).to.be.closeTo(expected[key][bin]!, 1e-9));
              }
              const bounds = BOUNDS_BY_KIND[each.kind]?.(histogram);
              if (bounds === undefined) {
                expect(binned.constants.get(each.name)).to.be.closeTo(exact[each.name]!, ROUNDING);
                continue;
              }
              expect(exact[each.name]).to.be.within(bounds.lower - ROUNDING, bounds.upper + ROUNDING);
            }
          }
          for (const [t, { name, calibration }] of log.heads.entries()) {
            const { rowsWithLabel, positives, baseRate } = binned.heads[t]!.calibration;
            expect([binned.heads[t]!.name, rowsWithLabel, positives]).to.deep.equal([
              name,
              calibration.rowsWithLabel,
              calibration.positives,
            ]);
            expect(baseRate).to.be.closeTo(calibration.baseRate!, ROUNDING);
            const { range } = binned.heads[t]!.calibration;
            expect([range.least, range.most]).to.deep.equal([
              Math.min(...log.heads[t]!.probability),
              Math.max(...log.heads[t]!.probability),
            ]);
          }
        } finally {
          binned.close();
        }
      });
    }
  }

  it('gives the same bits again, weights and all', async () => {
    expect(await sumsOf(shards)).to.deep.equal(await sumsOf(shards));
  });

  it('spreads utilities over all bins, and narrows bounds with more of them', async () => {
    const widths: number[] = [];
    for (const bins of [16, 256]) {
      const binned = await openBinnedLog({ ...names(parquet, false), bins, metrics: [], memoryBudget: 1e9 });
      const [[histogram]] = (await binned.histograms(ORDERINGS)) as [[never]];
      binned.close();
      const { lower, upper } = BOUNDS_BY_KIND.average_precision!(histogram)!;
      widths.push(upper - lower);
    }
    expect(widths[1]).to.be.below(widths[0]! / 5);
  });

  it('adds up over shards to the whole, to the bit, where they are given the same ranges', async () => {
    const ranges = [0.6, 0.6, 0.6, 2].map((most) => ({ least: most === 2 ? -2 : 0, most }));
    const [whole, ...parts] = await Promise.all(
      [parquet, ...shards].map(async (path) => {
        const binned = await openBinnedLog({
          ...names(path, false),
          ranges,
          bins: BINS,
          metrics: METRICS,
          memoryBudget: 1e9,
        });
        const found = await binned.histograms(ORDERINGS);
        binned.close();
        return found;
      }),
    );
    const added = whole!.map((histograms, k) =>
      histograms.map((_, s) => parts.map((part) => part[k]![s]!).reduce(addHistograms)),
    );
    expect(added).to.deep.equal(whole);
  });
});
