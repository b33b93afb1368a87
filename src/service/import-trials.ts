import { appendEvents } from '../../store/events.ts';
import { insertMeasuredTrials } from '../../store/import-trials.ts';
import { inTransaction } from '../../store/open.ts';
import { lastTrialNumber } from '../../store/search-trials.ts';
import { checkTakesTrials } from '../../store/study-states.ts';
import { getStudy } from '../../store/studies.ts';
import { BASELINE_TRIAL, type Measurements, measuredOf, type Weights } from '../domain/trial.ts';
import { givenCandidate } from '../optimizer/attached-candidate.ts';
import type { Candidate } from '../optimizer/candidate.ts';
import { encodeStudy } from '../optimizer/encode.ts';
import { checkWithoutLog } from './change-trial.ts';
import { checkMetrics } from './check-metrics.ts';
import { occasionOf, type ServiceContext } from './service-context.ts';

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

/** The numbers that trials have got. */
export interface ImportedRange {
  readonly first: number;
  readonly last: number;
}

export interface TrialImport {
  /** Throws `weights_invalid`, `metrics_invalid`, as where one trial is attached. */
  check(trial: ImportedTrial): SoundTrial;
  /** Stores the trials, completed, and one event that tells of them, in one transaction. Throws `study_not_found`, `study_archived`. */
  store(trials: readonly SoundTrial[]): Promise<ImportedRange>;
}

/**
 * Takes in trials that are attached with their results, many at once. They use none of the budget; the number of the baseline
 * stays free. How far each is from the others is not looked at.
 *
 * Throws `study_not_found`, `study_has_log`.
 */
export async function openImport(
  context: Pick<ServiceContext, 'store' | 'clock' | 'actor'>,
  studyId: string,
): Promise<TrialImport> {
  const { definition } = await getStudy(context.store, studyId);
  checkWithoutLog(definition, 'run');
  const encoding = encodeStudy(definition);
  return {
    check({ weights, metrics, note }) {
      const candidate = givenCandidate(definition, encoding, weights, {
        generator: 'attached',
        reason: 'weights given by the client',
        ...(note !== undefined && { note }),
      });
      checkMetrics(definition, metrics);
      return { ...candidate, metrics };
    },
    store: (trials) =>
      inTransaction(context.store, async (transaction) => {
        await checkTakesTrials(transaction, studyId);
        const first = ((await lastTrialNumber(transaction, studyId)) ?? BASELINE_TRIAL) + 1;
        const last = first + trials.length - 1;
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
        return { first, last };
      }),
  };
}
