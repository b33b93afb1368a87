import { withMargins } from '../optimizer/guardrail-margin.ts';
import { modelledMetrics } from '../optimizer/metric-roles.ts';
import { type ModelReport, waitingModelReport } from '../optimizer/model-report.ts';
import { observedTrials } from '../optimizer/training-data.ts';
import { packTrials } from './packed-trials.ts';
import type { ServiceContext } from './service-context.ts';
import { studyMoment } from './study-moment.ts';

export type { MetricModelReport } from '../optimizer/metric-model-report.ts';
export { type ModelReport, modelReportSchema } from '../optimizer/model-report.ts';

/**
 * A study's models, fitted to its completed trials as the next suggestion would, and how well they foretell each of them.
 *
 * Throws `study_not_found`.
 */
export async function modelOfStudy(
  { store, pool }: Pick<ServiceContext, 'store' | 'pool'>,
  studyId: string,
): Promise<ModelReport> {
  const moment = await studyMoment(store, studyId);
  const { definition, trials } = withMargins(moment.definition, moment.finished);
  const waiting = waitingModelReport(definition, trials);
  if (waiting !== undefined) return waiting;
  const packed = packTrials(trials);
  const reports = modelledMetrics(definition).map(
    async (metric) => [metric, await pool.run('diagnose', { definition, trials: packed, metric })] as const,
  );
  return {
    study: definition.name,
    observations: observedTrials(trials).length,
    waitingFor: null,
    metrics: Object.fromEntries(await Promise.all(reports)),
  };
}
