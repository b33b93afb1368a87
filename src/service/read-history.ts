import {
  observedMetrics,
  type TrialFilter,
  type TrialPage,
  trialPage,
  type TrialPosition,
} from '../../store/list-trials.ts';
import { type ManagedStudy, type StudiesAsked, studyPage } from '../../store/study-states.ts';
import { getStudy } from '../../store/studies.ts';
import { getTrial, type StoredTrial } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import type { TrialOrder } from '../domain/trial-order.ts';
import { measurableMetrics } from './check-metrics.ts';
import type { ServiceContext } from './service-context.ts';

export type { TrialFilter, TrialPage, TrialPosition } from '../../store/list-trials.ts';
export type { StoredStudy } from '../../store/studies.ts';
export type { StoredTrial } from '../../store/trials.ts';

/** A page of the studies, and whether more follow. */
export async function listStudies(
  { store }: Pick<ServiceContext, 'store'>,
  asked: StudiesAsked,
): Promise<{ readonly studies: readonly ManagedStudy[]; readonly hasMore: boolean }> {
  const { most } = asked;
  const studies = await studyPage(store, { ...asked, most: most + 1 });
  return { studies: studies.slice(0, most), hasMore: studies.length > most };
}

/** What is asked of a study's trials. */
export interface TrialsAsked {
  readonly filter: TrialFilter;
  readonly order: TrialOrder;
  readonly after: TrialPosition | undefined;
  readonly most: number;
}

/**
 * A page of a study's trials. In the order of a metric, those that have it.
 *
 * Throws `study_not_found`, `request_invalid` for an order by a metric that the study does not have.
 */
export async function listTrials(
  { store }: Pick<ServiceContext, 'store'>,
  studyId: string,
  { filter, order, after, most }: TrialsAsked,
): Promise<TrialPage> {
  const { definition } = await getStudy(store, studyId);
  const { by } = order;
  if (by !== 'number') {
    const known = new Set([...measurableMetrics(definition), ...(await observedMetrics(store, studyId))]);
    if (!known.has(by.metric)) {
      const expected = [...known].join(', ');
      throw new DomainError('request_invalid', `${by.metric} is not measured: expected one of ${expected}`, {
        pointer: '/order',
      });
    }
  }
  return trialPage(store, studyId, filter, order, after, most);
}

/** Throws `study_not_found`, `trial_not_found`. */
export async function readTrial(
  { store }: ServiceContext,
  studyId: string,
  number: number,
): Promise<StoredTrial> {
  await getStudy(store, studyId);
  return getTrial(store, studyId, number);
}
