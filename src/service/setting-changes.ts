import { appendEvents, type Occasion } from '../../store/events.ts';
import type { Store } from '../../store/open.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { StudyDefinition } from '../domain/study.ts';

/** A study with what is said of it. */
export type Described = StudyDefinition & { readonly description?: string | null };

const SETTINGS = [
  'budget',
  'step',
  'confidence',
  'guardrails',
  'guardrailMargin',
  'description',
  'online',
] as const;

/** What may change of a study that has trials, where it differs: what it was and is, null for nothing. */
export function settingChanges(
  before: Described,
  after: Described,
): Readonly<Record<string, { from: unknown; to: unknown }>> {
  return Object.fromEntries(
    SETTINGS.filter((key) => canonicalJson(before[key] ?? null) !== canonicalJson(after[key] ?? null)).map(
      (key) => [key, { from: before[key] ?? null, to: after[key] ?? null }],
    ),
  );
}

/** Tells the event log what has changed of a study, where something has. In the transaction that changes it. */
export async function tellChanges(
  transaction: Store,
  before: StudyDefinition,
  after: StudyDefinition,
  occasion: Occasion,
): Promise<void> {
  const changes = settingChanges(before, after);
  if (Object.keys(changes).length === 0) return;
  await appendEvents(transaction, after.name, occasion, [
    { kind: 'study_changed', trial: null, payload: { changes } },
  ]);
}
