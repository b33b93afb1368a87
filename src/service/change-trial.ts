import { appendEvents, type NewEvent, type Occasion } from '../../store/events.ts';
import { inTransaction, type Store } from '../../store/open.ts';
import { getStudy } from '../../store/studies.ts';
import { getTrial, type StoredTrial } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { checkTransition, type TrialAction } from '../domain/trial-state.ts';
import { occasionOf, type WriteContext } from './service-context.ts';

/** A trial as it is before it changes, in the transaction that changes it. */
export interface TrialChange {
  readonly transaction: Store;
  readonly definition: StudyDefinition;
  readonly trial: StoredTrial;
  readonly occasion: Occasion;
}

/** One action on a trial. */
export interface TrialChanging {
  readonly action: TrialAction;
  /** Looks at what was asked before the trial's state is looked at; throws what is wrong with it. */
  readonly check?: (definition: StudyDefinition, trial: StoredTrial) => void;
  /** Stores the change, and returns what to tell the event log: undefined where there is nothing to tell. */
  readonly apply: (change: TrialChange) => Promise<NewEvent | undefined>;
}

/**
 * Changes a trial and tells the event log, in one transaction, which nothing of another client comes between.
 *
 * Throws `study_not_found`, `trial_not_found`, what `check` throws, and `trial_state` where the trial's state does not allow
 * the action.
 */
export async function changeTrial(
  context: WriteContext<StoredTrial>,
  studyId: string,
  number: number,
  { action, check, apply }: TrialChanging,
): Promise<StoredTrial> {
  return inTransaction(context.store, async (transaction) => {
    const { definition } = await getStudy(transaction, studyId);
    const trial = await getTrial(transaction, studyId, number);
    check?.(definition, trial);
    checkTransition(action, number, trial.state);
    const occasion = occasionOf(context);
    const event = await apply({ transaction, definition, trial, occasion });
    if (event !== undefined) await appendEvents(transaction, studyId, occasion, [event]);
    const changed = await getTrial(transaction, studyId, number);
    await context.onStored?.(transaction, changed);
    return changed;
  });
}

/** Throws `study_has_log` for a study whose trials only a sweep measures. */
export function checkWithoutLog({ name, log }: StudyDefinition, done = 'completed'): void {
  if (log === undefined) return;
  throw new DomainError(
    'study_has_log',
    `study "${name}" has a log: its trials are ${done} by a sweep, ":sweep" or "pondera sweep"`,
  );
}
