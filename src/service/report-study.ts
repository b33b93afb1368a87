import { getTrial, type StoredTrial } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import { objectivesOf } from '../domain/study.ts';
import { hasSeveralObjectives, modelledMetrics } from '../optimizer/metric-roles.ts';
import { type ParetoReport, paretoReportSchema } from '../optimizer/pareto-report.ts';
import { reportTakesModels, type StudyReport, studyReportSchema } from '../optimizer/study-report.ts';
import { trialsInPlay } from '../optimizer/trials-in-play.ts';
import { type TrialReport, trialReportSchema } from '../optimizer/trial-report-schema.ts';
import { fitMetrics } from './fit-metrics.ts';
import { packTrials } from './packed-trials.ts';
import { millisecondsOf, type ServiceContext } from './service-context.ts';
import { type StudyMoment, studyMoment } from './study-moment.ts';

export { paretoReportSchema, studyReportSchema, trialReportSchema };

type ReadContext = Pick<ServiceContext, 'store' | 'pool' | 'clock'>;

export interface BestTrialSoFar extends Pick<TrialReport, 'feasible' | 'rule'> {
  readonly trial: StoredTrial;
}

export interface ParetoSetSoFar extends Pick<ParetoReport, 'hypervolume' | 'referencePoint'> {
  readonly trials: readonly StoredTrial[];
}

/**
 * What a study has found so far; noisy metrics are fitted for it, noise-free ones are read off. Of more trials than can be
 * modelled (`studyMoment`), `counts.feasible` counts those that are.
 */
export async function reportStudy(context: ReadContext, studyId: string): Promise<StudyReport> {
  const moment = await studyMoment(context.store, studyId);
  const report = await reportMoment(context, moment);
  const { completed, failed, infeasible } = moment.counts;
  return { ...report, counts: { ...report.counts, completed, failed, infeasible } };
}

/**
 * The best trial of a study's report as it is stored; null before any is measured.
 *
 * Throws `study_objectives` for a study with several objectives, which has no single best trial.
 */
export async function bestTrialSoFar(context: ReadContext, studyId: string): Promise<BestTrialSoFar | null> {
  const moment = await studyMoment(context.store, studyId);
  const { definition } = moment;
  if (hasSeveralObjectives(definition)) {
    throw new DomainError(
      'study_objectives',
      `study "${studyId}" has ${objectivesOf(definition).length} objectives and no single best trial: ` +
        `GET /v1/studies/${studyId}/trials:pareto has its Pareto set`,
    );
  }
  const { best } = await reportMoment(context, moment);
  if (best === null) return null;
  const { number, feasible, rule } = best;
  return { trial: await getTrial(context.store, studyId, number), feasible, rule };
}

/**
 * The Pareto set of a study's report, its trials as they are stored; null before any is measured.
 *
 * Throws `study_objectives` for a study with one objective.
 */
export async function paretoSetSoFar(context: ReadContext, studyId: string): Promise<ParetoSetSoFar | null> {
  const moment = await studyMoment(context.store, studyId);
  if (!hasSeveralObjectives(moment.definition)) {
    throw new DomainError(
      'study_objectives',
      `study "${studyId}" has one objective: GET /v1/studies/${studyId}/trials:best has its best trial`,
    );
  }
  const { pareto } = await reportMoment(context, moment);
  if (!pareto) return null;
  const { hypervolume, referencePoint, trials } = pareto;
  const stored = trials.map(({ number }) => getTrial(context.store, studyId, number));
  return { hypervolume, referencePoint, trials: await Promise.all(stored) };
}

async function reportMoment(
  { pool, clock }: ReadContext,
  { definition, finished, running }: StudyMoment,
): Promise<StudyReport> {
  const inPlay = trialsInPlay(definition, running, millisecondsOf(clock()));
  const trials = [...finished, ...inPlay].toSorted((a, b) => a.number - b.number);
  const metrics = modelledMetrics(definition);
  const packed = packTrials(trials);
  const fitted = reportTakesModels(definition, trials)
    ? await fitMetrics(pool, definition, trials, metrics)
    : {};
  return pool.run('report', { definition, trials: packed, fitted });
}
