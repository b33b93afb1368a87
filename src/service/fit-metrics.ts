import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import type { FittedMetrics } from '../optimizer/metric-models.ts';
import type { ComputePool } from './compute-pool.ts';
import { packTrials } from './packed-trials.ts';

/**
 * Fits these metrics, as many at once as there are workers. A function of the completed trials alone: the others are not sent, so
 * that a fit is the same task until something is measured (`rememberAnswers`).
 */
export async function fitMetrics(
  pool: ComputePool,
  definition: StudyDefinition,
  trials: readonly Trial[],
  metrics: readonly string[],
): Promise<FittedMetrics> {
  const completed = packTrials(trials.filter(({ state }) => state === 'completed'));
  const fits = metrics.map(
    async (metric) => [metric, await pool.run('fit', { definition, trials: completed, metric })] as const,
  );
  return Object.fromEntries(await Promise.all(fits));
}
