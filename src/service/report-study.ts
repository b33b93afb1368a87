import { getStudy } from '../../store/studies.ts';
import { listTrials, type StoredTrial } from '../../store/trials.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { modelledMetrics } from '../optimizer/metric-roles.ts';
import { type StudyReport, studyReport, type TrialReport } from '../optimizer/study-report.ts';
import { isNoiseFree, observedTrials } from '../optimizer/training-data.ts';
import type { ComputePool } from './compute-pool.ts';
import { fitMetrics } from './next-candidates.ts';
import type { ServiceContext } from './service-context.ts';

type ReadContext = Pick<ServiceContext, 'store' | 'pool'>;

export interface BestTrialSoFar extends Pick<TrialReport, 'feasible' | 'rule'> {
  readonly trial: StoredTrial;
}

/** What a study has found so far; noisy metrics are fitted for it, noise-free ones are read off. */
export async function reportStudy({ store, pool }: ReadContext, studyId: string): Promise<StudyReport> {
  const { definition } = await getStudy(store, studyId);
  return reportTrials(pool, definition, await listTrials(store, studyId));
}

/** The best trial of a study's report as it is stored; null before any is measured. */
export async function bestTrialSoFar(
  { store, pool }: ReadContext,
  studyId: string,
): Promise<BestTrialSoFar | null> {
  const { definition } = await getStudy(store, studyId);
  const trials = await listTrials(store, studyId);
  const { best } = await reportTrials(pool, definition, trials);
  if (best === null) return null;
  const { feasible, rule } = best;
  return { trial: trials.find(({ number }) => number === best.number)!, feasible, rule };
}

async function reportTrials(
  pool: ComputePool,
  definition: StudyDefinition,
  trials: readonly Trial[],
): Promise<StudyReport> {
  const metrics = modelledMetrics(definition);
  if (isNoiseFree(definition, metrics) || observedTrials(trials).length === 0) {
    return studyReport(definition, trials);
  }
  const fitted = await fitMetrics(pool, definition, trials, metrics);
  return pool.run('report', { definition, trials, fitted });
}
