import { listExperiments } from '../../store/experiments.ts';
import { inTransaction, type Store } from '../../store/open.ts';
import { getManagedStudy, updateStudy } from '../../store/study-states.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import { DomainError, pointerOf } from '../domain/errors.ts';
import type { OnlineDefinition } from '../domain/online.ts';
import { parseWith } from '../domain/schema.ts';
import { studySchema } from '../domain/study-rules.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { occasionOf, type ServiceContext } from './service-context.ts';
import { tellChanges } from './setting-changes.ts';

/**
 * Sets what a stored study says of experiments, as its file does: nothing is stored where it says so already.
 *
 * Throws `study_not_found`, `study_invalid` where it does not go with the study, `study_changed` as `checkOnlineChange`.
 */
export async function settleOnline(
  context: Pick<ServiceContext, 'store' | 'clock' | 'actor'>,
  studyId: string,
  online: OnlineDefinition,
): Promise<StudyDefinition> {
  return inTransaction(context.store, async (transaction) => {
    const { definition } = await getManagedStudy(transaction, studyId);
    const before = definition.online;
    if (canonicalJson(before ?? null) === canonicalJson(online)) return definition;
    await checkOnlineChange(transaction, studyId, before, online);
    const changed = parseWith(studySchema, { ...definition, online }, 'study_invalid');
    await updateStudy(transaction, studyId, { definition: changed });
    await tellChanges(transaction, definition, changed, occasionOf(context));
    return changed;
  });
}

/**
 * Once a study has experiments, their objective, their guardrails and the kinds of their metrics stay: arms were chosen for
 * them. Metrics may be added; rounds, relevant effects, what is known of means, and which offline metric is the log's knowledge may change.
 *
 * Throws `study_changed`.
 */
export async function checkOnlineChange(
  store: Store,
  studyId: string,
  before: OnlineDefinition | undefined,
  after: OnlineDefinition | undefined,
): Promise<void> {
  if (before === undefined || (await listExperiments(store, studyId)).length === 0) return;
  const refuse = (path: readonly string[]): never => {
    throw new DomainError(
      'study_changed',
      `study "${studyId}" has experiments, whose arms were chosen for its ${path.join('.')}: expected the same`,
      { pointer: pointerOf(path) },
    );
  };
  if (after === undefined) return refuse(['online']);
  for (const key of ['objective', 'guardrails'] as const) {
    if (canonicalJson(before[key]) !== canonicalJson(after[key])) refuse(['online', key]);
  }
  for (const [metric, { kind }] of Object.entries(before.metrics)) {
    if (after.metrics[metric]?.kind !== kind) refuse(['online', 'metrics', metric]);
  }
}
