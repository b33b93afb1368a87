import { inTransaction } from '../../store/open.ts';
import { getStudy } from '../../store/studies.ts';
import { completeTrial, insertTrials, listTrials, type StoredTrial } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import {
  BASELINE_TRIAL,
  nextTrialNumber,
  type Observations,
  type Trial,
  type Weights,
} from '../domain/trial.ts';
import { attachedCandidate } from '../optimizer/attached-candidate.ts';
import type { Candidate } from '../optimizer/candidate.ts';
import { baselineTrial } from './baseline-trial.ts';
import { checkMetrics } from './check-metrics.ts';
import type { ServiceContext } from './service-context.ts';

/** A trial that the client chose: weights of its own, or those of another trial. */
export interface AttachedTrial {
  readonly weights?: Weights | undefined;
  /** Instead of weights, the number of the trial that has them. */
  readonly replicateOf?: number | undefined;
  /** What was measured already; without them the trial runs. */
  readonly metrics?: Observations | undefined;
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
  { store, queue, clock }: Pick<ServiceContext, 'store' | 'queue' | 'clock'>,
  studyId: string,
  attached: AttachedTrial,
): Promise<StoredTrial> {
  return queue(studyId, async () => {
    const { definition } = await getStudy(store, studyId);
    if (definition.log !== undefined) {
      throw new DomainError(
        'study_has_log',
        `study "${studyId}" has a log: its trials are run by "pondera sweep"`,
      );
    }
    for (;;) {
      const trials = await listTrials(store, studyId);
      const candidate = candidateOf(definition, trials, attached);
      const { metrics } = attached;
      if (metrics !== undefined) checkMetrics(definition, metrics);
      const trial = { number: nextTrialNumber(trials), ...candidate };
      const now = clock();
      const stored = await inTransaction(store, async (transaction) => {
        if ((await insertTrials(transaction, studyId, [trial], now)) === 0) return false;
        if (metrics !== undefined) await completeTrial(transaction, studyId, trial.number, metrics, now);
        return true;
      });
      // Else another process has taken the number.
      if (!stored) continue;
      return metrics === undefined
        ? { ...trial, state: 'running', observations: {}, createdAt: now, completedAt: null }
        : { ...trial, state: 'completed', observations: metrics, createdAt: now, completedAt: now };
    }
  });
}

function candidateOf(
  definition: StudyDefinition,
  trials: readonly Trial[],
  { weights, replicateOf, note }: AttachedTrial,
): Candidate {
  const beside = note === undefined ? {} : { note };
  if (replicateOf === undefined) {
    return attachedCandidate(definition, trials, weights!, {
      generator: 'attached',
      reason: 'weights given by the client',
      ...beside,
    });
  }
  return attachedCandidate(definition, trials, replicatedWeights(definition, trials, replicateOf), {
    generator: 'replicate',
    reason: `the weights of trial ${replicateOf} once more`,
    replicateOf,
    ...beside,
  });
}

function replicatedWeights(
  definition: StudyDefinition,
  trials: readonly Trial[],
  replicateOf: number,
): Weights {
  const stored = trials.find(({ number }) => number === replicateOf);
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
