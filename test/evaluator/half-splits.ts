import { randomStream } from '../../math/random.ts';
import { type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import type { Observation } from '../../src/domain/trial.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { evaluateWithErrors, influencesOf } from '../../src/evaluator/evaluate-with-errors.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { createInfluenceScratch } from '../../src/evaluator/influence/influences.ts';
import { unitsOf } from '../../src/evaluator/units.ts';
import { reweighted } from './generated-log.ts';
import { NEWSFEED_HEADS } from './newsfeed-log.ts';

/** Φ⁻¹(0.975). */
const TWO_SIDED_95 = 1.959963984540054;

export const NEWSFEED_METRICS = [
  'long_click.average_precision',
  'follow_on.average_precision',
  'click.roc_auc',
  'long_click.ndcg@5',
  'deep_scroll.grouped_auc',
].map((name): LogMetric => {
  const parsed = parseLogMetric(name, NEWSFEED_HEADS);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
});

/** In the order of `NEWSFEED_HEADS`. */
export const NEWSFEED_BASELINE = { weights: Float64Array.of(0.25, 0.25, 0.25, 0.25) };
export const NEWSFEED_TRIAL = { weights: Float64Array.of(0.1, 0.1, 0.2, 0.6) };

export interface Coverage {
  /** Share of splits in which the halves' values differ by less than their standard errors allow at 95 %. */
  readonly value: number;
  /** The same of the change to the baseline, by its paired standard error. */
  readonly change: number;
}

/** How often nominal 95 % intervals of the difference of two random halves of the users cover 0, by metric. */
export function halfSplitCoverage(log: EngagementLog, splits: number): Readonly<Record<string, Coverage>> {
  const { count } = unitsOf(log);
  const covered = new Map(NEWSFEED_METRICS.map(({ name }) => [name, { value: 0, change: 0 }]));
  const random = randomStream(1, 'half-splits');
  for (let split = 0; split < splits; split++) {
    const half = Uint8Array.from({ length: count }, () => (random.uniform() < 0.5 ? 1 : 0));
    const [one, other] = [1, 0].map((part) => measureHalf(log, (unit) => (half[unit] === part ? 1 : 0)));
    for (const [name, counts] of covered) {
      const [a, b] = [one![name]!, other![name]!];
      if (covers(a.value.mean - b.value.mean, a.value.sem!, b.value.sem!)) counts.value++;
      if (covers(a.change - b.change, a.value.changeSem!, b.value.changeSem!)) counts.change++;
    }
  }
  return Object.fromEntries(
    [...covered].map(([name, { value, change }]) => [
      name,
      { value: value / splits, change: change / splits },
    ]),
  );
}

function covers(difference: number, sem: number, otherSem: number): boolean {
  return Math.abs(difference) <= TWO_SIDED_95 * Math.hypot(sem, otherSem);
}

interface HalfMetric {
  readonly value: Observation;
  readonly change: number;
}

function measureHalf(
  log: EngagementLog,
  factorOf: (unit: number) => number,
): Readonly<Record<string, HalfMetric>> {
  const half = reweighted(log, factorOf);
  const scratch = createEvaluationScratch(half);
  const influenceScratch = createInfluenceScratch(half);
  const measured = { metrics: NEWSFEED_METRICS, combinations: [] };
  const influences = influencesOf(half, NEWSFEED_BASELINE, measured, scratch, influenceScratch);
  const measure = (ordering: typeof NEWSFEED_TRIAL) =>
    evaluateWithErrors(half, ordering, measured, influences, scratch, influenceScratch);
  const baseline = measure(NEWSFEED_BASELINE);
  const trial = measure(NEWSFEED_TRIAL);
  return Object.fromEntries(
    Object.entries(trial).map(([name, value]) => [
      name,
      { value, change: value.mean - baseline[name]!.mean },
    ]),
  );
}
