import { termsOf } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Observations, ExplainedTrial, Weights } from '../domain/trial.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import type { MeasuredMetrics } from '../evaluator/evaluate-with-errors.ts';
import type { Ordering } from '../evaluator/utility.ts';
import { baselineTrial } from './baseline-trial.ts';
import type { ComputePool } from './compute-pool.ts';
import { evaluatedMetrics } from './evaluated-metrics.ts';

/** What weights, or where there are none the logged score, measure on a log. */
export type Evaluate = (weights: Weights | null) => Promise<Observations>;

/** All that a study measures on its log. */
export function measuredMetrics(definition: StudyDefinition, log: EngagementLog): MeasuredMetrics {
  return {
    metrics: evaluatedMetrics(definition, log),
    combinations: Object.keys(definition.derived ?? {}).map((name) => ({
      name,
      ...termsOf(definition, name),
    })),
  };
}

/** Measures on the log of a pool, paired with the baseline where that is weights or the logged score. */
export async function logEvaluator(
  definition: StudyDefinition,
  log: EngagementLog,
  pool: ComputePool,
  measured: MeasuredMetrics,
): Promise<Evaluate> {
  const trial = baselineTrial(definition);
  const baseline =
    trial?.state === 'running'
      ? await pool.run('influence', { ordering: orderingOf(log, trial.weights), measured })
      : undefined;
  return async (weights) => pool.run('evaluate', { ordering: orderingOf(log, weights), measured, baseline });
}

/** Weights in the order of the log's heads; without them the logged score. */
export function orderingOf({ heads }: EngagementLog, weights: Weights | null): Ordering {
  if (weights === null) return 'baselineScore';
  return { weights: Float64Array.from(heads, ({ name }) => weights[name]!) };
}

/** The baseline as it was measured, or as the study gives it; undefined where there is none. */
export async function measuredBaseline(
  definition: StudyDefinition,
  evaluate: Evaluate,
): Promise<ExplainedTrial | undefined> {
  const baseline = baselineTrial(definition);
  if (baseline?.state !== 'running') return baseline;
  return { ...baseline, state: 'completed', observations: await evaluate(baseline.weights) };
}
