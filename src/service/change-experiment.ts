import { appendEvents } from '../../store/events.ts';
import { getExperiment, setExperimentState, type StoredExperiment } from '../../store/experiments.ts';
import { inTransaction } from '../../store/open.ts';
import { getStudy } from '../../store/studies.ts';
import { DomainError } from '../domain/errors.ts';
import type { ExperimentState } from '../domain/experiment.ts';
import { occasionOf, type WriteContext } from './service-context.ts';

type Writing = Pick<WriteContext<StoredExperiment>, 'store' | 'clock' | 'actor' | 'onStored'>;

/** A planned experiment runs from now on. Throws `study_not_found`, `experiment_not_found`, `experiment_state`. */
export async function startExperiment(
  context: Writing,
  studyId: string,
  number: number,
): Promise<StoredExperiment> {
  return changing(context, studyId, number, 'running', null);
}

/**
 * Ends an experiment: it takes no more readouts, and the next round may be planned. What it was read out to be still counts.
 *
 * Throws `study_not_found`, `experiment_not_found`, `experiment_state`.
 */
export async function endExperiment(
  context: Writing,
  studyId: string,
  number: number,
  reason: string | null,
): Promise<StoredExperiment> {
  return changing(context, studyId, number, 'ended', reason);
}

/** From which states each may be reached. */
const REACHED_FROM: Readonly<Record<'running' | 'ended', readonly ExperimentState[]>> = {
  running: ['planned'],
  ended: ['planned', 'running', 'read_out'],
};

async function changing(
  context: Writing,
  studyId: string,
  number: number,
  to: 'running' | 'ended',
  reason: string | null,
): Promise<StoredExperiment> {
  return inTransaction(context.store, async (transaction) => {
    await getStudy(transaction, studyId);
    const { state } = await getExperiment(transaction, studyId, number);
    const from = REACHED_FROM[to];
    if (!from.includes(state)) {
      throw new DomainError(
        'experiment_state',
        `experiment ${number} is ${state}: expected one that is ${from.join(' or ')}`,
        {},
        { state },
      );
    }
    const occasion = occasionOf(context);
    const times = to === 'running' ? { startedAt: occasion.at } : { endedAt: occasion.at, reason };
    await setExperimentState(transaction, studyId, number, to, times);
    await appendEvents(transaction, studyId, occasion, [
      {
        kind: to === 'running' ? 'experiment_started' : 'experiment_ended',
        trial: null,
        payload: { experiment: number, ...(to === 'ended' && { reason }) },
      },
    ]);
    const stored = await getExperiment(transaction, studyId, number);
    await context.onStored?.(transaction, stored);
    return stored;
  });
}
