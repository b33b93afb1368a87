import { getStudy } from '../../store/studies.ts';
import { listTrials, type StoredTrial } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import { hasSeveralObjectives, modelledMetrics } from '../optimizer/metric-roles.ts';
import type { ParetoReport } from '../optimizer/pareto-report.ts';
import { type StudyReport, studyReport } from '../optimizer/study-report.ts';
import { isNoiseFree, observedTrials } from '../optimizer/training-data.ts';
import { trialsInPlay } from '../optimizer/trials-in-play.ts';
import type { TrialReport } from '../optimizer/trial-report.ts';
import { fitMetrics } from './next-candidates.ts';
import { millisecondsOf, type ServiceContext } from './service-context.ts';

type ReadContext = Pick<ServiceContext, 'store' | 'pool' | 'clock'>;

export interface BestTrialSoFar extends Pick<TrialReport, 'feasible' | 'rule'> {
  readonly trial: StoredTrial;
}

export interface ParetoSetSoFar extends Pick<ParetoReport, 'hypervolume' | 'referencePoint'> {
  readonly trials: readonly StoredTrial[];
}

/** What a study has found so far; noisy metrics are fitted for it, noise-free ones are read off. */
export async function reportStudy(context: ReadContext, studyId: string): Promise<StudyReport> {
  const { definition } = await getStudy(context.store, studyId);
  return reportTrials(context, definition, await listTrials(context.store, studyId));
}

/**
 * The best trial of a study's report as it is stored; null before any is measured.
 *
 * Throws `study_objectives` for a study with several objectives, which has no single best trial.
 */
export async function bestTrialSoFar(context: ReadContext, studyId: string): Promise<BestTrialSoFar | null> {
  const { definition } = await getStudy(context.store, studyId);
  if (hasSeveralObjectives(definition)) {
    throw new DomainError(
      'study_objectives',
      `study "${studyId}" has ${objectivesOf(definition).length} objectives and no single best trial: ` +
        `GET /v1/studies/${studyId}/trials:pareto has its Pareto set`,
    );
  }
  const trials = await listTrials(context.store, studyId);
  const { best } = await reportTrials(context, definition, trials);
  if (best === null) return null;
  const { feasible, rule } = best;
  return { trial: trials.find(({ number }) => number === best.number)!, feasible, rule };
}

/**
 * The Pareto set of a study's report, its trials as they are stored; null before any is measured.
 *
 * Throws `study_objectives` for a study with one objective.
 */
export async function paretoSetSoFar(context: ReadContext, studyId: string): Promise<ParetoSetSoFar | null> {
  const { definition } = await getStudy(context.store, studyId);
  if (!hasSeveralObjectives(definition)) {
    throw new DomainError(
      'study_objectives',
      `study "${studyId}" has one objective: GET /v1/studies/${studyId}/trials:best has its best trial`,
    );
  }
  const stored = await listTrials(context.store, studyId);
  const { pareto } = await reportTrials(context, definition, stored);
  if (!pareto) return null;
  const { hypervolume, referencePoint, trials } = pareto;
  return {
    hypervolume,
    referencePoint,
    trials: trials.map(({ number }) => stored.find((trial) => trial.number === number)!),
  };
}

async function reportTrials(
  { pool, clock }: ReadContext,
  definition: StudyDefinition,
  stored: readonly StoredTrial[],
): Promise<StudyReport> {
  const trials = trialsInPlay(definition, stored, millisecondsOf(clock()));
  const metrics = modelledMetrics(definition);
  if (isNoiseFree(definition, metrics) || observedTrials(trials).length === 0) {
    return studyReport(definition, trials);
  }
  const fitted = await fitMetrics(pool, definition, trials, metrics);
  return pool.run('report', { definition, trials, fitted });
}
