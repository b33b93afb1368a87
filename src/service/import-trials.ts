import { appendEvents } from '../../store/events.ts';
import { advanceImport, findImport, forgetImportsBefore, type ImportProgress } from '../../store/imports.ts';
import { insertMeasuredTrials } from '../../store/import-trials.ts';
import { inTransaction, type Store } from '../../store/open.ts';
import { lastTrialNumber } from '../../store/search-trials.ts';
import { checkTakesTrials } from '../../store/study-states.ts';
import { getStudy } from '../../store/studies.ts';
import { DomainError } from '../domain/errors.ts';
import { BASELINE_TRIAL, type Measurements, measuredOf, type Weights } from '../domain/trial.ts';
import { givenCandidate } from '../optimizer/attached-candidate.ts';
import type { Candidate } from '../optimizer/candidate.ts';
import { encodeStudy } from '../optimizer/encode.ts';
import { checkWithoutLog } from './change-trial.ts';
import { checkMetrics } from './check-metrics.ts';
import { millisecondsOf, occasionOf, type ServiceContext } from './service-context.ts';

export type { ImportProgress } from '../../store/imports.ts';

/** How long it is known how far an import has come, from its last part on. */
const KEPT_MS = 24 * 3600 * 1000;

/** A trial that was measured elsewhere. */
export interface ImportedTrial {
  readonly weights: Weights;
  readonly metrics: Measurements;
  readonly note?: string | undefined;
}

/** A trial that has been found sound. */
export interface SoundTrial extends Candidate {
  readonly metrics: Measurements;
}

/** What an import has stored. */
export type Imported = Pick<ImportProgress, 'trials' | 'first' | 'last'>;

export interface TrialImport {
  /** What earlier requests of the same key have stored of it; always undefined without a key. */
  readonly known: ImportProgress | undefined;
  /** Throws `weights_invalid`, `metrics_invalid`, as where one trial is attached. */
  check(trial: ImportedTrial): SoundTrial;
  /**
   * Stores the trials, completed, one event that tells of them, and how far the import has come, in one transaction. `digest` is
   * of all lines so far. Returns what is stored of the import by now.
   *
   * Throws `study_not_found`, `study_archived`, and `idempotency_in_flight` where another request of the key has stored these.
   */
  store(trials: readonly SoundTrial[], digest: string): Promise<Imported>;
  /** Notes that there are no more lines. */
  finish(): Promise<void>;
}

/**
 * Takes in trials that are attached with their results, many at once. They use none of the budget; the number of the baseline
 * stays free. How far each is from the others is not looked at. Under a key, it is known for a day how far the import has come.
 *
 * Throws `study_not_found`, `study_has_log`, and `idempotency_mismatch` for the key of an import into another study.
 */
export async function openImport(
  context: Pick<ServiceContext, 'store' | 'clock' | 'actor'>,
  studyId: string,
  keyHash?: string,
): Promise<TrialImport> {
  const { store, actor, clock } = context;
  const { definition } = await getStudy(store, studyId);
  checkWithoutLog(definition, 'run');
  const encoding = encodeStudy(definition);
  const key = keyHash === undefined ? undefined : { owner: actor, keyHash };
  const known = key && (await findImport(store, key));
  if (known !== undefined && known.studyId !== studyId) {
    throw new DomainError(
      'idempotency_mismatch',
      'the Idempotency-Key was used for an import into another study: expected a new key',
    );
  }
  let progress = known;
  const advance = async (transaction: Store, reached: ImportProgress): Promise<void> => {
    if (key === undefined) return;
    const now = millisecondsOf(clock());
    if (progress === undefined) await forgetImportsBefore(transaction, now - KEPT_MS);
    if (await advanceImport(transaction, key, progress, reached, now)) return;
    throw new DomainError(
      'idempotency_in_flight',
      'another request of this Idempotency-Key imports the same: expected one at a time',
    );
  };
  return {
    known,
    check({ weights, metrics, note }) {
      const candidate = givenCandidate(definition, encoding, weights, {
        generator: 'attached',
        reason: 'weights given by the client',
        ...(note !== undefined && { note }),
      });
      checkMetrics(definition, metrics);
      return { ...candidate, metrics };
    },
    async store(trials, digest) {
      progress = await inTransaction(store, async (transaction) => {
        await checkTakesTrials(transaction, studyId);
        const first = ((await lastTrialNumber(transaction, studyId)) ?? BASELINE_TRIAL) + 1;
        const last = first + trials.length - 1;
        const reached = {
          studyId,
          trials: (progress?.trials ?? 0) + trials.length,
          digest,
          first: progress?.first ?? first,
          last,
          isWhole: false,
        };
        await advance(transaction, reached);
        const numbered = trials.map(({ weights, provenance, metrics }, i) => ({
          number: first + i,
          weights,
          provenance,
          observations: measuredOf(metrics),
        }));
        const occasion = occasionOf(context);
        await insertMeasuredTrials(transaction, studyId, numbered, occasion.at);
        await appendEvents(transaction, studyId, occasion, [
          { kind: 'trials_imported', trial: null, payload: { first, last } },
        ]);
        return reached;
      });
      return progress;
    },
    async finish() {
      if (progress === undefined || progress.isWhole) return;
      const whole = { ...progress, isWhole: true };
      await inTransaction(store, (transaction) => advance(transaction, whole));
    },
  };
}
