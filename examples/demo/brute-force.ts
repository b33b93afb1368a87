import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { createEvaluationScratch, type EvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { readLog } from '../../src/evaluator/read-log.ts';
import { HEAD_NAMES, MODEL } from './model.ts';

const OBJECTIVE = 'long_click.average_precision';
const GUARDRAILS = ['save', 'click', 'close_up'].map((head) => `${head}.average_precision`);
const GUARDRAIL_FACTOR = 0.98;
const BASELINE = [0.25, 0.25, 0.25, 0.25];
/** Steps of the grid: the whole simplex by 0.05, then ever finer around the best points so far. */
const STEPS = [0.05, 0.02, 0.01, 0.005, 0.0025];
const NEIGHBOURHOOD_STEPS = 2;
const DECIMALS = 1e6;

interface Point {
  readonly weights: readonly number[];
  readonly metrics: Readonly<Record<string, number>>;
}

type Score = (metrics: Readonly<Record<string, number>>) => number;

/** Weights on the simplex that are multiples of `step` and within `reach` of `centre` in each coordinate. */
function* simplexGrid(step: number, centre: readonly number[], reach: number): Generator<number[]> {
  const units = Math.round(1 / step);
  const near = (units: number, t: number): boolean => Math.abs(units * step - centre[t]!) <= reach + step / 2;
  for (let a = 0; a <= units; a++) {
    if (!near(a, 0)) continue;
    for (let b = 0; a + b <= units; b++) {
      if (!near(b, 1)) continue;
      for (let c = 0; a + b + c <= units; c++) {
        const d = units - a - b - c;
        if (near(c, 2) && near(d, 3))
          yield [a, b, c, d].map((n) => Math.round(n * step * DECIMALS) / DECIMALS);
      }
    }
  }
}

function search(measure: (weights: readonly number[]) => Point, score: Score): Point {
  let best = measure(BASELINE);
  let reach = 1;
  for (const step of STEPS) {
    for (const weights of simplexGrid(step, best.weights, reach)) {
      const point = measure(weights);
      if (score(point.metrics) > score(best.metrics)) best = point;
    }
    reach = NEIGHBOURHOOD_STEPS * step;
  }
  return best;
}

function measureOf(log: EngagementLog, scratch: EvaluationScratch, metrics: readonly LogMetric[]) {
  const known = new Map<string, Point>();
  return (weights: readonly number[]): Point => {
    const key = weights.join();
    const point = known.get(key) ?? {
      weights,
      metrics: evaluate(log, { weights: Float64Array.from(weights) }, metrics, scratch),
    };
    known.set(key, point);
    return point;
  };
}

function parseMetric(name: string): LogMetric {
  const metric = parseLogMetric(name, HEAD_NAMES);
  if (typeof metric === 'string') throw new RangeError(metric);
  return metric;
}

const folder = new URL('../../../examples/demo/', import.meta.url);
const heads = Object.fromEntries(
  HEAD_NAMES.map((head) => [
    head,
    {
      score: `score_${head}`,
      label: `label_${head}`,
      negativeKeepRate: MODEL.negativeKeepRate,
      sign: 1 as const,
    },
  ]),
);
const log = await readLog({
  path: fileURLToPath(new URL('impressions.csv.gz', folder)),
  request: 'request_id',
  nullScores: 'refuse',
  heads,
  baselineScore: 'production_score',
});
const scratch = createEvaluationScratch(log);
const metrics = [OBJECTIVE, ...GUARDRAILS].map(parseMetric);
const measure = measureOf(log, scratch, metrics);
const baseline = measure(BASELINE);
const slack = (values: Point['metrics'], name: string): number =>
  values[name]! / (GUARDRAIL_FACTOR * baseline.metrics[name]!) - 1;
const isFeasible = (values: Point['metrics']): boolean =>
  GUARDRAILS.every((name) => slack(values, name) >= 0);
const unconstrained = search(measure, (values) => values[OBJECTIVE]!);
const constrained = search(measure, (values) => (isFeasible(values) ? values[OBJECTIVE]! : -Infinity));
const truth = {
  model: MODEL,
  rows: log.rows,
  requests: log.requests,
  labels: Object.fromEntries(
    log.heads.map(({ name, calibration: { rowsWithLabel, positives } }) => [
      name,
      { rowsWithLabel, positives },
    ]),
  ),
  heads: HEAD_NAMES,
  objective: OBJECTIVE,
  guardrails: GUARDRAILS.map((name) => `${name} >= ${GUARDRAIL_FACTOR} * baseline`),
  grid: { steps: STEPS, neighbourhood: NEIGHBOURHOOD_STEPS },
  baseline,
  productionScore: evaluate(log, 'baselineScore', metrics, scratch),
  vertices: HEAD_NAMES.map((_, t) => measure(HEAD_NAMES.map((__, s) => (s === t ? 1 : 0)))),
  unconstrained,
  constrained: {
    ...constrained,
    improvement: constrained.metrics[OBJECTIVE]! / baseline.metrics[OBJECTIVE]! - 1,
    slack: Object.fromEntries(GUARDRAILS.map((name) => [name, slack(constrained.metrics, name)])),
  },
};
writeFileSync(new URL('truth.json', folder), `${JSON.stringify(truth, null, 2)}\n`);
