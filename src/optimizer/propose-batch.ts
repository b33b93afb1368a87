import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import type { Candidate } from './candidate.ts';
import { gatherEvidence, withRunning } from './evidence.ts';
import type { FittedMetrics } from './metric-models.ts';
import { proposeGiven } from './propose.ts';

/**
 * At most `count` candidates, each as `propose` finds it with those before it running; fewer where no other weights are
 * left.
 *
 * Throws `budget_exhausted` where not one is left, RangeError as `propose`.
 */
export function proposeBatch(
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: FittedMetrics,
  count: number,
  fixed: Weights = {},
): readonly Candidate[] {
  let evidence = gatherEvidence(definition, trials, fitted, fixed);
  const candidates = [proposeGiven(evidence)];
  while (candidates.length < count) {
    evidence = withRunning(evidence, candidates.at(-1)!);
    try {
      candidates.push(proposeGiven(evidence));
    } catch (error) {
      if (error instanceof DomainError && error.code === 'budget_exhausted') break;
      throw error;
    }
  }
  return candidates;
}
