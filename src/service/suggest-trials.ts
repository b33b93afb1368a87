import { inTransaction, type Store } from '../../store/open.ts';
import { getStudy } from '../../store/studies.ts';
import { insertTrials, listTrials, type NewTrial, type StoredTrial } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, nextTrialNumber, suggestedTrials } from '../domain/trial.ts';
import { baselineTrial } from './baseline-trial.ts';
import { nextCandidates } from './next-candidates.ts';
import type { ServiceContext } from './service-context.ts';

/**
 * Suggests trials for an external evaluator: the baseline first, where it has weights, then candidates.
 *
 * Every trial returned is stored as running before it is returned, and counts as pending for the next. Fewer than
 * `count` come back where the study's budget ends; none left throws `budget_exhausted`, a study with a log `study_has_log`.
 */
export async function suggestTrials(
  context: ServiceContext,
  studyId: string,
  count: number,
): Promise<readonly StoredTrial[]> {
  return context.queue(studyId, async () => {
    const { definition } = await getStudy(context.store, studyId);
    if (definition.log !== undefined) {
      throw new DomainError(
        'study_has_log',
        `study "${studyId}" has a log: its trials are run by "pondera sweep"`,
      );
    }
    const suggested: StoredTrial[] = [];
    while (suggested.length < count) {
      try {
        suggested.push(...(await nextTrials(context, definition, count - suggested.length)));
      } catch (error) {
        // What is stored already must reach the client: nobody else would ever complete it.
        if (suggested.length > 0 && endsThere(error)) return suggested;
        throw error;
      }
    }
    return suggested;
  });
}

async function nextTrials(
  context: ServiceContext,
  definition: StudyDefinition,
  count: number,
): Promise<readonly StoredTrial[]> {
  const { store, pool, clock } = context;
  const trials = await listTrials(store, definition.name);
  const baseline = baselineTrial(definition);
  let next: readonly NewTrial[];
  if (baseline !== undefined && !trials.some(({ number }) => number === BASELINE_TRIAL)) next = [baseline];
  else {
    const used = suggestedTrials(trials).length;
    const left = Math.min(count, (definition.budget ?? Infinity) - used);
    if (left <= 0) {
      throw new DomainError(
        'budget_exhausted',
        `study "${definition.name}" has used its budget of ${definition.budget} trials`,
      );
    }
    const first = nextTrialNumber(trials);
    const candidates = await nextCandidates(pool, definition, trials, left);
    next = candidates.map((candidate, i) => ({ number: first + i, ...candidate }));
  }
  const createdAt = clock();
  const claimed = await claimTrials(store, definition.name, next, createdAt);
  if (!claimed) return nextTrials(context, definition, count);
  return next.map((trial) => ({
    ...trial,
    state: 'running',
    observations: {},
    createdAt,
    completedAt: null,
  }));
}

/** Stores all of the trials; none, and returns false, where another process has taken the number of one. */
async function claimTrials(
  store: Store,
  studyId: string,
  trials: readonly NewTrial[],
  createdAt: string,
): Promise<boolean> {
  try {
    await inTransaction(store, async (transaction) => {
      const stored = await insertTrials(transaction, studyId, trials, createdAt);
      if (stored < trials.length) throw new NumbersTakenError();
    });
    return true;
  } catch (error) {
    if (error instanceof NumbersTakenError) return false;
    throw error;
  }
}

/** Undoes the transaction that meets it. */
class NumbersTakenError extends Error {}

/** The budget has ended, or the time of the request. */
function endsThere(error: unknown): boolean {
  return error instanceof DomainError && ENDS.has(error.code);
}

const ENDS: ReadonlySet<string> = new Set(['budget_exhausted', 'deadline_passed', 'service_stopping']);
