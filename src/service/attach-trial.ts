import { inTransaction, type Store } from '../../store/open.ts';
import { getStudy } from '../../store/studies.ts';
import { lastTrialNumber } from '../../store/search-trials.ts';
import { checkTakesTrials } from '../../store/study-states.ts';
import { findTrial, getTrial, type StoredTrial } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Measurements, type Trial, type Weights } from '../domain/trial.ts';
import { attachedCandidate } from '../optimizer/attached-candidate.ts';
import type { Candidate } from '../optimizer/candidate.ts';
import { baselineTrial } from './baseline-trial.ts';
import { checkWithoutLog } from './change-trial.ts';
import { checkMetrics } from './check-metrics.ts';
import { recordCompletion, recordTrials } from './record-trials.ts';
import { occasionOf, type WriteContext } from './service-context.ts';
import { latestTrials } from './study-moment.ts';

/** A trial that the client chose: weights of its own, or those of another trial. */
export interface AttachedTrial {
  readonly weights?: Weights | undefined;
  /** Instead of weights, the number of the trial that has them. */
  readonly replicateOf?: number | undefined;
  /** What was measured already; without them the trial runs. */
  readonly metrics?: Measurements | undefined;
  readonly note?: string | undefined;
}

/**
 * Stores a trial of given weights, running, or completed where its metrics are given.
 *
 * It uses none of the budget. The number of the baseline stays free while that is not suggested yet, though its weights
 * can be replicated. Throws `study_has_log`, `weights_invalid`, `metrics_invalid`, and `request_invalid` for a trial to
 * replicate that does not exist or has no weights.
 */
export async function attachTrial(
  context: Pick<WriteContext<StoredTrial>, 'store' | 'clock' | 'actor' | 'onStored'>,
  studyId: string,
  attached: AttachedTrial,
): Promise<StoredTrial> {
  const { definition } = await getStudy(context.store, studyId);
  checkWithoutLog(definition, 'run');
  const candidate = await candidateOf(
    context.store,
    definition,
    await latestTrials(context.store, studyId),
    attached,
  );
  const { metrics } = attached;
  if (metrics !== undefined) checkMetrics(definition, metrics);
  return inTransaction(context.store, async (transaction) => {
    await checkTakesTrials(transaction, studyId);
    const number = ((await lastTrialNumber(transaction, studyId)) ?? BASELINE_TRIAL) + 1;
    const occasion = occasionOf(context);
    await recordTrials(transaction, studyId, [{ number, ...candidate }], occasion);
    if (metrics !== undefined) await recordCompletion(transaction, studyId, number, metrics, occasion);
    const stored = await getTrial(transaction, studyId, number);
    await context.onStored?.(transaction, stored);
    return stored;
  });
}

async function candidateOf(
  store: Store,
  definition: StudyDefinition,
  trials: readonly Trial[],
  { weights, replicateOf, note }: AttachedTrial,
): Promise<Candidate> {
  const beside = note === undefined ? {} : { note };
  if (replicateOf === undefined) {
    return attachedCandidate(definition, trials, weights!, {
      generator: 'attached',
      reason: 'weights given by the client',
      ...beside,
    });
  }
  const replicated = await replicatedWeights(store, definition, replicateOf);
  return attachedCandidate(definition, trials, replicated, {
    generator: 'replicate',
    reason: `the weights of trial ${replicateOf} once more`,
    replicateOf,
    ...beside,
  });
}

/** Those of a stored trial, whatever its state, or of the baseline before it is suggested. */
async function replicatedWeights(
  store: Store,
  definition: StudyDefinition,
  replicateOf: number,
): Promise<Weights> {
  const stored = await findTrial(store, definition.name, replicateOf);
  const trial = stored ?? (replicateOf === BASELINE_TRIAL ? baselineTrial(definition) : undefined);
  if (trial?.weights) return trial.weights;
  const found =
    trial === undefined
      ? `study "${definition.name}" has no trial ${replicateOf}`
      : `trial ${replicateOf} is a baseline without weights`;
  throw new DomainError('request_invalid', `${found}: expected the number of a trial with weights`, {
    pointer: '/replicateOf',
  });
}
