import { getStudy } from '../../store/studies.ts';
import { listTrials } from '../../store/trials.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { modelledMetrics } from '../optimizer/metric-roles.ts';
import { type StudyReport, studyReport } from '../optimizer/study-report.ts';
import { isNoiseFree, observedTrials } from '../optimizer/training-data.ts';
import { fitMetrics } from './next-candidates.ts';
import type { ServiceContext } from './service-context.ts';

/** What a study has found so far; noisy metrics are fitted for it, noise-free ones are read off. */
export async function reportStudy(
  { store, pool }: Pick<ServiceContext, 'store' | 'pool'>,
  studyId: string,
): Promise<StudyReport> {
  const { definition } = await getStudy(store, studyId);
  const trials = await listTrials(store, studyId);
  const metrics = modelledMetrics(definition);
  if (needsModels(definition, trials, metrics)) {
    const fitted = await fitMetrics(pool, definition, trials, metrics);
    return pool.run('report', { definition, trials, fitted });
  }
  return studyReport(definition, trials);
}

function needsModels(
  definition: StudyDefinition,
  trials: readonly Trial[],
  metrics: readonly string[],
): boolean {
  return !isNoiseFree(definition, metrics) && observedTrials(trials).length > 0;
}
