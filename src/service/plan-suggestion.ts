import type { RunningTrial } from '../../store/search-trials.ts';
import type { NewTrial } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import { isExpired } from '../domain/lease.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import { baselineTrial } from './baseline-trial.ts';
import type { ComputePool } from './compute-pool.ts';
import { nextCandidates } from './next-candidates.ts';
import type { StudyMoment } from './study-moment.ts';

/** Running trials that a suggestion keeps away from and learns to do without, the latest. */
const MOST_PENDING = 500;

/** What a client asks for. */
export interface SuggestionRequest {
  readonly count: number;
  readonly clientId?: string | undefined;
  readonly leaseSeconds?: number | undefined;
  /** Weights that are to have these values. */
  readonly fixed?: Weights | undefined;
}

/** The trials to answer with. */
export interface SuggestionPlan {
  /** The client's own, which it asks for again. */
  readonly kept: readonly RunningTrial[];
  /** Of clients whose lease has expired. */
  readonly handedOut: readonly RunningTrial[];
  readonly fresh: readonly NewTrial[];
  /** The trials that the fresh ones were chosen with running, beside themselves. */
  readonly pending: readonly number[];
}

/**
 * At most `count` trials: first those that the client has running already, then those whose lease has expired, then new
 * ones, of which the baseline is the first. Of expired ones, and the baseline, only those that have the fixed weights.
 *
 * Throws `budget_exhausted` where there is none.
 */
export async function planSuggestion(
  pool: ComputePool,
  moment: StudyMoment,
  now: number,
  { count, clientId, fixed }: SuggestionRequest,
): Promise<SuggestionPlan> {
  const { definition, running } = moment;
  const kept = running
    .filter((trial) => clientId !== undefined && trial.clientId === clientId)
    .slice(0, count);
  const handedOut = running
    .filter((trial) => isExpired(trial, now) && !kept.includes(trial) && hasWeights(trial, fixed))
    .slice(0, count - kept.length);
  const given = [...kept, ...handedOut];
  const pending = running
    .filter((trial) => given.includes(trial) || !isExpired(trial, now))
    .slice(-MOST_PENDING);
  const fresh: NewTrial[] = [];
  const missing = (): number => count - given.length - fresh.length;
  const baseline = baselineTrial(definition);
  if (baseline !== undefined && !moment.hasBaseline && missing() > 0 && hasWeights(baseline, fixed)) {
    fresh.push(baseline);
  }
  try {
    while (missing() > 0) {
      const used = moment.used + fresh.filter(({ number }) => number > 0).length;
      const left = Math.min(missing(), (definition.budget ?? Infinity) - used);
      if (left <= 0) {
        throw new DomainError(
          'budget_exhausted',
          `study "${definition.name}" has used its budget of ${definition.budget} trials`,
        );
      }
      const trials = inOrder([...moment.finished, ...pending, ...fresh.map(asRunning)]);
      const candidates = await nextCandidates(pool, definition, trials, left, fixed);
      const first = moment.nextNumber + used - moment.used;
      fresh.push(...candidates.map((candidate, i) => ({ number: first + i, ...candidate })));
    }
  } catch (error) {
    if (given.length + fresh.length === 0 || !isExhausted(error)) throw error;
  }
  return { kept, handedOut, fresh, pending: pending.map(({ number }) => number) };
}

function asRunning(trial: NewTrial): Trial {
  return { ...trial, state: 'running', observations: {} };
}

function inOrder(trials: readonly Trial[]): readonly Trial[] {
  return trials.toSorted((a, b) => a.number - b.number);
}

/** Weights are decimals, which a fixed value may have more digits than. */
const SAME_WEIGHT = 1e-9;

function hasWeights({ weights }: Pick<Trial, 'weights'>, fixed: Weights | undefined): boolean {
  return Object.entries(fixed ?? {}).every(
    ([name, value]) => weights !== null && Math.abs(weights[name]! - value) <= SAME_WEIGHT,
  );
}

function isExhausted(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'budget_exhausted';
}
