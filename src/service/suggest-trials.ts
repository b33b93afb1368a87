import { getStudy } from '../../store/studies.ts';
import { insertTrials, listTrials, type NewTrial } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { BASELINE_TRIAL, baselineTrial } from './baseline-trial.ts';
import { nextCandidates } from './next-candidates.ts';
import type { ServiceContext } from './service-context.ts';

/**
 * Suggests trials for an external evaluator: the baseline first, where it has weights, then candidates.
 *
 * Every trial returned is stored as running before it is returned, and counts as pending for the next. Fewer than
 * `count` come back where the study's budget ends; none left throws `budget_exhausted`.
 */
export async function suggestTrials(
  context: ServiceContext,
  studyId: string,
  count: number,
): Promise<readonly Trial[]> {
  return context.queue(studyId, async () => {
    const { definition } = await getStudy(context.store, studyId);
    if (definition.log !== undefined) {
      throw new DomainError(
        'study_unsupported',
        `study "${studyId}" has a log: its trials are run by "pondera sweep"`,
      );
    }
    const suggested: Trial[] = [];
    while (suggested.length < count) {
      const next = await nextTrials(context, definition, count - suggested.length);
      if (next.length === 0) break;
      suggested.push(...next);
    }
    if (suggested.length === 0) {
      throw new DomainError(
        'budget_exhausted',
        `study "${studyId}" has used its budget of ${definition.budget} trials`,
      );
    }
    return suggested;
  });
}

async function nextTrials(
  context: ServiceContext,
  definition: StudyDefinition,
  count: number,
): Promise<readonly Trial[]> {
  const { store, pool, clock } = context;
  const trials = await listTrials(store, definition.name);
  const baseline = baselineTrial(definition);
  let next: readonly NewTrial[];
  if (baseline !== undefined && !trials.some(({ number }) => number === BASELINE_TRIAL)) next = [baseline];
  else {
    const used = trials.filter(({ number }) => number !== BASELINE_TRIAL).length;
    const left = Math.min(count, (definition.budget ?? Infinity) - used);
    if (left <= 0) return [];
    const first = Math.max(BASELINE_TRIAL, ...trials.map(({ number }) => number)) + 1;
    const candidates = await nextCandidates(pool, definition, trials, left);
    next = candidates.map((candidate, i) => ({ number: first + i, ...candidate }));
  }
  const stored = await insertTrials(store, definition.name, next, clock());
  if (stored < next.length) return nextTrials(context, definition, count);
  return next.map((trial) => ({ ...trial, state: 'running', observations: {} }));
}
