import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { HEAD_NAMES } from '../../../examples/demo/model.ts';
import { headSchema } from '../../../src/domain/log.ts';
import { type LogMetric, parseLogMetric } from '../../../src/domain/metric.ts';
import { averagePrecisionBounds } from '../../../src/evaluator/histogram/average-precision-bounds.ts';
import { openBinnedLog } from '../../../src/evaluator/histogram/open-binned-log.ts';
import { placeOf } from '../../../src/evaluator/histogram/row-selections.ts';

interface Point {
  readonly weights: number[];
  readonly metrics: Record<string, number>;
}

interface Truth {
  readonly rows: number;
  readonly baseline: Point;
  readonly productionScore: Record<string, number>;
  readonly vertices: Point[];
  readonly unconstrained: Point;
  readonly constrained: Point;
}

/** Of values that truth.json has in full, computed by another sum. */
const ROUNDING = 1e-12;

/** What 4,096 bins leave open of 22,305 rows at most, at any of these weights. */
const WIDEST = 3e-3;

const file = (name: string): string =>
  fileURLToPath(new URL(`../../../../examples/demo/${name}`, import.meta.url));

describe('the shipped log in the histogram form', () => {
  it('has bounds of average precision that hold the metrics of truth.json', async () => {
    const truth = JSON.parse(readFileSync(file('truth.json'), 'utf8')) as Truth;
    const heads = HEAD_NAMES.map((head) => [
      head,
      headSchema.parse({ score: `score_${head}`, label: `label_${head}`, negativeKeepRate: 0.1 }),
    ]);
    const log = await openBinnedLog({
      path: file('impressions.csv.gz'),
      request: 'request_id',
      nullScores: 'refuse',
      heads: Object.fromEntries(heads),
      baselineScore: 'production_score',
      bins: 4096,
      metrics: [],
      memoryBudget: 1e9,
    });
    const points = [truth.baseline, truth.unconstrained, truth.constrained, ...truth.vertices];
    const found = await log.histograms([
      ...points.map(({ weights }) => ({ weights: Float64Array.from(weights) })),
      'baselineScore',
    ]);
    log.close();
    expect(log.rows).to.equal(truth.rows);
    for (const [k, metrics] of [...points.map((point) => point.metrics), truth.productionScore].entries()) {
      for (const [name, value] of Object.entries(metrics)) {
        const metric = parseLogMetric(name, HEAD_NAMES) as LogMetric;
        if (metric.kind !== 'average_precision') continue;
        const { lower, upper } = averagePrecisionBounds(found[k]![placeOf(log.selections, metric)]!)!;
        expect(value, name).to.be.within(lower - ROUNDING, upper + ROUNDING);
        expect(upper - lower, name).to.be.below(WIDEST);
      }
    }
  });
});
