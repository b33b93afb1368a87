import { lastSequence } from '../../store/events.ts';
import { inReadTransaction, type Store } from '../../store/open.ts';
import { getStudy } from '../../store/studies.ts';
import { listTrials, type StoredTrial } from '../../store/trials.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, nextTrialNumber, suggestedTrials, type Trial } from '../domain/trial.ts';
import { trialsInPlay } from '../optimizer/trials-in-play.ts';

/** A study at one moment: what a suggestion is a function of. */
export interface StudyMoment {
  readonly definition: StudyDefinition;
  /** The sequence number of its last event. */
  readonly after: number;
  /** All running trials, by number; the lease of some may have expired. */
  readonly running: readonly StoredTrial[];
  /** Trials that no longer run and are in play (`trialsInPlay`). */
  readonly finished: readonly Trial[];
  readonly hasBaseline: boolean;
  /** How many trials of its budget are used. */
  readonly used: number;
  /** The number that the next trial takes. */
  readonly nextNumber: number;
}

/** Reads the study as it is, in one transaction. Throws `study_not_found`. */
export async function studyMoment(store: Store, studyId: string): Promise<StudyMoment> {
  return inReadTransaction(store, async (transaction) => {
    const { definition } = await getStudy(transaction, studyId);
    const stored = await listTrials(transaction, studyId);
    return {
      definition,
      after: await lastSequence(transaction, studyId),
      running: stored.filter(({ state }) => state === 'running'),
      finished: trialsInPlay(
        definition,
        stored.filter(({ state }) => state !== 'running'),
      ),
      hasBaseline: stored.some(({ number }) => number === BASELINE_TRIAL),
      used: suggestedTrials(stored).length,
      nextNumber: nextTrialNumber(stored),
    };
  });
}
