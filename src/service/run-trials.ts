import { lastSequence } from '../../store/events.ts';
import { inReadTransaction, inTransaction, type Store } from '../../store/open.ts';
import { listTrials } from '../../store/trials.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { candidateTrials, nextTrialNumber, suggestedTrials, type Trial } from '../domain/trial.ts';
import { initialTrialsLeft } from '../optimizer/initialise.ts';
import { trialsInPlay } from '../optimizer/trials-in-play.ts';
import type { Clock } from './clock.ts';
import type { ComputePool } from './compute-pool.ts';
import type { Evaluate } from './log-evaluator.ts';
import { nextCandidates } from './next-candidates.ts';
import { recordCompletion, recordTrials } from './record-trials.ts';
import type { SweptStudy } from './sweep-defaults.ts';

/** Told at the start and after each trial. */
export interface SweepProgress {
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
  readonly completed: number;
  readonly budget: number;
}

/** How trials are run, and who hears of it. */
export interface TrialRun {
  readonly clock: Clock;
  /** In whose name; left out, that of the command line. */
  readonly actor?: string | undefined;
  readonly onProgress: (progress: SweepProgress) => void;
  /** Called before each evaluation, and in the transaction that stores the next trials: it throws what is to end the run. */
  readonly checkpoint?: ((store: Store) => Promise<void>) | undefined;
}

/**
 * Runs a stored study's trials up to its budget, storing each as it goes, and returns those in play. Trials that were running are
 * evaluated again; what comes next is a function of the stored trials.
 */
export async function runTrials(
  store: Store,
  pool: ComputePool,
  definition: SweptStudy,
  evaluate: Evaluate,
  { clock, actor = 'cli', onProgress, checkpoint }: TrialRun,
): Promise<readonly Trial[]> {
  const { name, budget } = definition;
  const occasion = () => ({ actor, at: clock() });
  const look = async (): Promise<SweepProgress & { stored: readonly Trial[]; after: number }> => {
    const { stored, after } = await inReadTransaction(store, async (transaction) => ({
      stored: await listTrials(transaction, name),
      after: await lastSequence(transaction, name),
    }));
    const trials = trialsInPlay(definition, stored);
    const completed = candidateTrials(trials).filter(({ state }) => state === 'completed').length;
    const progress = { definition, trials, completed, budget };
    onProgress(progress);
    return { ...progress, stored, after };
  };
  for (;;) {
    await checkpoint?.(store);
    const { stored, trials, after } = await look();
    const used = suggestedTrials(stored).length;
    const running = trials.filter(({ state }) => state === 'running');
    if (running.length > 0) {
      const evaluations = running.map(async ({ number, weights }, _, { length }) => {
        await recordCompletion(store, name, number, await evaluate(weights), occasion());
        if (length > 1) await look();
      });
      await Promise.all(evaluations);
    } else if (used >= budget) {
      return trials;
    } else {
      // The space-filling design at once, then one at a time, so that each proposal knows all results before it.
      const most = Math.min(budget - used, Math.max(1, initialTrialsLeft(definition, trials)));
      const next = await nextCandidates(pool, definition, trials, most);
      const first = nextTrialNumber(stored);
      const numbered = next.map((candidate, i) => ({ number: first + i, ...candidate }));
      await inTransaction(store, async (transaction) => {
        await checkpoint?.(transaction);
        await recordTrials(transaction, name, numbered, occasion(), {
          basis: { after, pending: [], together: most },
        });
      });
    }
  }
}
