import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { generateDemoLog } from '../../examples/demo/generate.ts';
import { HEAD_NAMES, MODEL } from '../../examples/demo/model.ts';
import { headSchema } from '../../src/domain/log.ts';
import { type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { readLog } from '../../src/evaluator/read-log.ts';

interface Point {
  readonly weights: number[];
  readonly metrics: Record<string, number>;
}

interface Truth {
  readonly model: typeof MODEL;
  readonly rows: number;
  readonly requests: number;
  readonly objective: string;
  readonly baseline: Point;
  readonly productionScore: Record<string, number>;
  readonly vertices: Point[];
  readonly unconstrained: Point;
  readonly constrained: Point & { readonly improvement: number; readonly slack: Record<string, number> };
}

const demoFile = (name: string): string =>
  fileURLToPath(new URL(`../../../examples/demo/${name}`, import.meta.url));
const truth = JSON.parse(readFileSync(demoFile('truth.json'), 'utf8')) as Truth;
const METRICS = Object.keys(truth.baseline.metrics).map((name): LogMetric => {
  const metric = parseLogMetric(name, HEAD_NAMES);
  if (typeof metric === 'string') throw new Error(metric);
  return metric;
});

describe('the shipped log', () => {
  it('is what its generator gives, byte for byte', () => {
    const shipped = gunzipSync(readFileSync(demoFile('impressions.csv.gz'))).toString();
    expect(generateDemoLog() === shipped).to.equal(true);
  });

  it('is described by truth.json: its model, its rows and its metrics', async () => {
    expect(truth.model).to.deep.equal(MODEL);
    const heads = HEAD_NAMES.map((head) => [
      head,
      headSchema.parse({
        score: `score_${head}`,
        label: `label_${head}`,
        negativeKeepRate: MODEL.negativeKeepRate,
      }),
    ]);
    const log = await readLog({
      path: demoFile('impressions.csv.gz'),
      request: 'request_id',
      nullScores: 'refuse',
      heads: Object.fromEntries(heads),
      baselineScore: 'production_score',
    });
    expect([log.rows, log.requests]).to.deep.equal([truth.rows, truth.requests]);
    const scratch = createEvaluationScratch(log);
    for (const { weights, metrics } of [
      truth.baseline,
      truth.unconstrained,
      truth.constrained,
      ...truth.vertices,
    ]) {
      expect(evaluate(log, { weights: Float64Array.from(weights) }, METRICS, scratch)).to.deep.equal(metrics);
    }
    expect(evaluate(log, 'baselineScore', METRICS, scratch)).to.deep.equal(truth.productionScore);
  });

  it('rewards a mixture of heads, and one guardrail binds at the best feasible one', () => {
    const objective = ({ metrics }: Point): number => metrics[truth.objective]!;
    expect(Math.min(...truth.unconstrained.weights, ...truth.constrained.weights)).to.be.greaterThan(0.05);
    expect(objective(truth.unconstrained)).to.be.greaterThan(
      1.1 * Math.max(...truth.vertices.map(objective)),
    );
    expect(truth.constrained.improvement).to.be.within(0.02, 0.1);
    const slacks = Object.values(truth.constrained.slack);
    expect(Math.min(...slacks)).to.be.within(0, 0.001);
    expect(objective(truth.unconstrained)).to.be.greaterThan(1.02 * objective(truth.constrained));
  });
});
