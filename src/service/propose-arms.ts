import { DomainError } from '../domain/errors.ts';
import type { ExperimentRequest } from '../domain/experiment.ts';
import type { Weights } from '../domain/trial.ts';
import type { Proposal } from '../online/arms/proposed-arm.ts';
import { withMargins } from '../optimizer/guardrail-margin.ts';
import { modelledMetrics } from '../optimizer/metric-roles.ts';
import { waitingModelReport } from '../optimizer/model-report.ts';
import type { ComputePool } from './compute-pool.ts';
import { fitMetrics } from './fit-metrics.ts';
import { onlineEvidence, type OnlineMoment } from './online-evidence.ts';
import type { OfflineModels } from './online-tasks.ts';
import { packTrials } from './packed-trials.ts';
import type { ServiceContext } from './service-context.ts';
import { type StudyMoment, studyMoment } from './study-moment.ts';

/** What is asked of the arms that a study chooses. */
export type ArmsAsked = Pick<
  ExperimentRequest,
  'arms' | 'handPicked' | 'generator' | 'promised' | 'offlineFeasibility'
> & { readonly seed: number };

/**
 * The arms that a study chooses for its next round, beside the baseline and those picked by hand.
 *
 * Throws `experiment_invalid` where the offline models that a filter asks cannot be fitted yet, too little passes it, or the rounds cannot
 * be modelled.
 */
export async function proposeArms(
  { pool, store }: Pick<ServiceContext, 'pool' | 'store'>,
  moment: OnlineMoment,
  { arms, handPicked, generator, promised, offlineFeasibility, seed }: ArmsAsked,
): Promise<Proposal> {
  if (arms === 0) return { arms: [], notes: [] };
  const { definition } = moment;
  const { evidence } = onlineEvidence(moment);
  const given = handPicked.map(({ weights }) => weights);
  if (evidence.rounds.length > 0) {
    return pool.run('nextArms', { definition, evidence, count: arms, generator, seed, given });
  }
  const baseline = (definition.baseline as { readonly weights: Weights }).weights;
  const filter =
    offlineFeasibility === undefined
      ? null
      : await offlineModels(pool, await studyMoment(store, definition.name), offlineFeasibility);
  return pool.run('firstArms', {
    definition,
    evidence,
    baseline,
    count: arms,
    seed,
    given,
    promised,
    filter,
  });
}

async function offlineModels(
  pool: ComputePool,
  { definition: study, finished }: StudyMoment,
  least: number,
): Promise<OfflineModels> {
  const { definition, trials } = withMargins(study, finished);
  const waiting = waitingModelReport(definition, trials);
  if (waiting !== undefined) {
    throw new DomainError(
      'experiment_invalid',
      `the study's own models wait for more: ${waiting.waitingFor}; expected none of offlineFeasibility until then`,
      { pointer: '/offlineFeasibility' },
    );
  }
  const packed = packTrials(trials);
  const fitted = await fitMetrics(pool, definition, trials, modelledMetrics(definition));
  return { definition, trials: packed, fitted, least };
}
