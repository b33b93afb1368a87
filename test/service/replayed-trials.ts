import type { StudyEvent } from '../../src/domain/event.ts';
import type { Observations, Trial, Weights } from '../../src/domain/trial.ts';

/** What a suggestion was made from, as its event tells it. */
export interface EventBasis {
  readonly after: number;
  readonly pending: readonly number[];
  readonly together: number;
  readonly fixed?: Weights;
}

/** The candidates that were suggested, by the basis that they have in common; the baseline is none. */
export function suggestedByBasis(
  events: readonly StudyEvent[],
): readonly (readonly [EventBasis, readonly StudyEvent[]])[] {
  const batches = new Map<string, StudyEvent[]>();
  for (const event of events) {
    if (event.kind !== 'trial_suggested' || event.trial === 0) continue;
    const key = JSON.stringify(event.payload['basis']);
    batches.set(key, [...(batches.get(key) ?? []), event]);
  }
  return Array.from(batches, ([key, batch]) => [JSON.parse(key) as EventBasis, batch] as const);
}

/** The trials in play after these events, those that counted as running among them; weights as stored, by number. */
export function replayedTrials(
  events: readonly StudyEvent[],
  pending: readonly number[],
  stored: readonly Pick<Trial, 'weights' | 'provenance'>[],
): readonly Trial[] {
  const trials = new Map<number, Trial>();
  for (const { kind, trial: number, payload } of events) {
    if (number === null) continue;
    const { weights, provenance } = stored[number]!;
    const trial = { number, weights, provenance, observations: {} };
    if (kind === 'trial_failed') trials.set(number, { ...trial, state: 'failed' });
    if (kind === 'trial_voided') trials.delete(number);
    if (kind === 'trial_completed' || kind === 'trial_corrected') {
      trials.set(number, { ...trial, state: 'completed', observations: payload['metrics'] as Observations });
    }
  }
  for (const number of pending) {
    const { weights, provenance } = stored[number]!;
    trials.set(number, { number, weights, provenance, observations: {}, state: 'running' });
  }
  return [...trials.values()].toSorted((a, b) => a.number - b.number);
}
