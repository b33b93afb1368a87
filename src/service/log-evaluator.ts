import { partsOf, termsOf } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Observations, ExplainedTrial, Weights } from '../domain/trial.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import type { MeasuredMetrics } from '../evaluator/evaluate-with-errors.ts';
import type { Ordering } from '../evaluator/utility.ts';
import { baselineTrial } from './baseline-trial.ts';
import type { ComputePool } from './compute-pool.ts';
import { evaluatedMetrics, type LoggedHeads } from './evaluated-metrics.ts';

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

/** What it takes to measure one metric of a study, derived or not. */
export function measuredOf(definition: StudyDefinition, log: EngagementLog, metric: string): MeasuredMetrics {
  const { metrics, combinations } = measuredMetrics(definition, log);
  const parts = partsOf(definition, metric);
  return {
    metrics: metrics.filter(({ name }) => parts.includes(name)),
    combinations: combinations.filter(({ name }) => name === metric),
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
  return pairedEvaluator(
    log,
    pool,
    measured,
    trial?.state === 'running' ? orderingOf(log, trial.weights) : undefined,
  );
}

/** Measures on the log of a pool, paired with an ordering: `changeSem` is of the difference to that. */
export async function pairedEvaluator(
  log: EngagementLog,
  pool: ComputePool,
  measured: MeasuredMetrics,
  reference: Ordering | undefined,
): Promise<Evaluate> {
  const baseline = reference && (await pool.runTogether('influence', { ordering: reference, measured }));
  return async (weights) =>
    pool.runTogether('evaluate', { ordering: orderingOf(log, weights), measured, baseline });
}

/** Weights in the order of the log's heads; without them the logged score. */
export function orderingOf({ heads }: LoggedHeads, weights: Weights | null): Ordering {
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
