import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { growthExponent } from '../engine/growth-exponent.ts';
import { median } from '../median.ts';
import { rounded } from '../rounded.ts';
import type { Figures } from '../run-bench.ts';
import { firstRows } from './generated-impressions.ts';
import { metricsOfHeads } from './metrics-of-heads.ts';
import { milliseconds } from './milliseconds.ts';

const RUNS = 7;

/** The p of ms ∝ rows^p, for the average precision of four heads by one evaluation. */
export function growth(
  log: EngagementLog,
  weights: Float64Array,
  sizes: readonly number[],
  say: (line: string) => void,
): Figures {
  const metrics = metricsOfHeads('average_precision');
  const points = sizes.map((rows) => {
    const part = firstRows(log, rows);
    const scratch = createEvaluationScratch(part);
    const run = (): void => void evaluate(part, { weights }, metrics, scratch);
    for (let warmUp = 0; warmUp < 3; warmUp++) run();
    const ms = median(Array.from({ length: RUNS }, () => milliseconds(run)))!;
    say(`average precision of 4 heads on ${rows} rows: ${ms.toFixed(1)} ms`);
    return { observations: rows, ms };
  });
  return { growth_exponent: rounded(growthExponent(points)) };
}
