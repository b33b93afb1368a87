import { inTransaction } from '../../store/open.ts';
import { checkTakesTrials } from '../../store/study-states.ts';
import type { StoredTrial } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import { checkWithoutLog } from './change-trial.ts';
import { planSuggestions, type SuggestionPlan, type SuggestionRequest } from './plan-suggestion.ts';
import { requestsTogether } from './requests-together.ts';
import { millisecondsOf, type WriteContext } from './service-context.ts';
import { type GivenTrials, OvertakenError, storeSuggestion } from './store-suggestion.ts';
import { type StudyMoment, studyMoment } from './study-moment.ts';
import type { Asked } from './study-queue.ts';

export type { SuggestionRequest } from './plan-suggestion.ts';

interface Suggestion {
  readonly context: WriteContext<readonly StoredTrial[]>;
  readonly request: SuggestionRequest;
}

type AskedSuggestion = Asked<Suggestion, readonly StoredTrial[]>;

/**
 * Suggests trials for an external evaluator (`planSuggestions`).
 *
 * Every trial returned is stored as running before it is returned, and counts as pending for the next while its lease lasts:
 * without a client and a time, for good. Fewer than `count` come back where the study's budget ends; none left throws
 * `budget_exhausted`, a study with a log `study_has_log`. Requests that wait for the same study share a fit and a transaction.
 */
export async function suggestTrials(
  context: WriteContext<readonly StoredTrial[]>,
  studyId: string,
  request: SuggestionRequest,
): Promise<readonly StoredTrial[]> {
  const line = JSON.stringify(Object.entries(request.fixed ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return context.queue.together(studyId, line, { context, request }, (asked: readonly AskedSuggestion[]) =>
    suggestTogether(studyId, asked),
  );
}

/** Settles each of the asks, as many at once as may be planned together. */
async function suggestTogether(studyId: string, asked: readonly AskedSuggestion[]): Promise<void> {
  const { store, pool, clock } = asked[0]!.ask.context;
  let waiting = asked;
  try {
    while (waiting.length > 0) {
      await checkTakesTrials(store, studyId);
      const moment = await studyMoment(store, studyId);
      checkWithoutLog(moment.definition, 'run');
      const requests = waiting.map(({ ask }) => ask.request);
      const count = requestsTogether(requests, moment.finished.length);
      const first = waiting.slice(0, count);
      try {
        const plan = await planSuggestions(pool, moment, millisecondsOf(clock()), requests.slice(0, count));
        const again = await storePlan(moment, plan, first);
        waiting = [...again, ...waiting.slice(count)];
      } catch (error) {
        // The others may be given what these could not be: trials of their own, or of those who have left.
        if (!(error instanceof DomainError) || error.code !== 'budget_exhausted') throw error;
        for (const each of first) each.reject(error);
        waiting = waiting.slice(count);
      }
    }
  } catch (error) {
    for (const each of waiting) each.reject(error);
  }
}

/** Stores what was planned for those who are still there, all or none; returns those whose share is to be planned anew. */
async function storePlan(
  moment: StudyMoment,
  plan: SuggestionPlan,
  asked: readonly AskedSuggestion[],
): Promise<readonly AskedSuggestion[]> {
  const giving = givenTo(moment, plan, asked);
  const again = await storeAll(moment, giving);
  for (const each of again) each.release();
  return again;
}

interface Giving {
  readonly asked: AskedSuggestion;
  readonly given: GivenTrials;
}

/** Shares out the new trials among those who have not left, and tells whom there is none for. */
function givenTo(
  { after }: StudyMoment,
  { shares, fresh, pending, together, exhausted }: SuggestionPlan,
  asked: readonly AskedSuggestion[],
): readonly Giving[] {
  const { fixed } = asked[0]!.ask.request;
  const basis = { after, pending, together, ...(fixed !== undefined && { fixed }) };
  const giving: Giving[] = [];
  let next = 0;
  for (const [i, each] of asked.entries()) {
    if (!each.hold()) continue;
    const { kept, handedOut, fresh: count } = shares[i]!;
    const given = { kept, handedOut, fresh: fresh.slice(next, next + count), basis };
    next += given.fresh.length;
    if (kept.length + handedOut.length + given.fresh.length > 0) giving.push({ asked: each, given });
    else each.reject(exhausted);
  }
  return giving;
}

/** Stores all and answers, or nothing: then it returns those for whom there must be another plan. */
async function storeAll(
  { definition: { name }, revision }: StudyMoment,
  giving: readonly Giving[],
): Promise<readonly AskedSuggestion[]> {
  if (giving.length === 0) return [];
  let current: AskedSuggestion | undefined;
  try {
    const results = await inTransaction(giving[0]!.asked.ask.context.store, async (transaction) => {
      // A budget or a confidence that was changed meanwhile is another question.
      if ((await checkTakesTrials(transaction, name)) !== revision) throw new OvertakenError();
      const stored: (readonly StoredTrial[])[] = [];
      for (const { asked, given } of giving) {
        current = asked;
        const { context, request } = asked.ask;
        stored.push(await storeSuggestion(transaction, name, context, request, given));
      }
      return stored;
    });
    for (const [i, { asked }] of giving.entries()) asked.resolve(results[i]!);
    return [];
  } catch (error) {
    const all = giving.map(({ asked }) => asked);
    if (error instanceof OvertakenError) return all;
    // Whoever has lost its key must not be answered: the others get the trials that are chosen without it.
    if (!(error instanceof DomainError) || error.code !== 'idempotency_in_flight') throw error;
    current!.reject(error);
    return all.filter((each) => each !== current);
  }
}
