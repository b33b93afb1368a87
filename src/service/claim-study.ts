import type { Store } from '../../store/open.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { ExplainedTrial } from '../domain/trial.ts';
import type { Clock } from './clock.ts';
import { nameTaken } from './create-study.ts';
import { resumeStudy } from './resume-study.ts';
import { storeStudy } from './store-study.ts';
import { type SweptStudy, withDefaults } from './sweep-defaults.ts';

/** Stores a study that a sweep begins, with its measured baseline, or finds the stored one that it goes on with (`resumeStudy`). */
export async function claimStudy(
  store: Store,
  study: StudyDefinition,
  baseline: ExplainedTrial | undefined,
  fingerprint: string,
  clock: Clock,
): Promise<SweptStudy> {
  const definition = withDefaults(study);
  const stored = { definition, logFingerprint: fingerprint, createdAt: clock() };
  if (await storeStudy(store, stored, baseline)) return definition;
  const resumed = await resumeStudy(store, study, definition, fingerprint);
  if (resumed === undefined) throw await nameTaken(store, study.name);
  return resumed;
}
