import type { RunningTrial } from '../../store/search-trials.ts';
import type { NewTrial } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import { isExpired } from '../domain/lease.ts';
import { BASELINE_TRIAL, type Trial, type Weights } from '../domain/trial.ts';
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

/** What one request is answered with. */
export interface SuggestionShare {
  /** The client's own, which it asks for again. */
  readonly kept: readonly RunningTrial[];
  /** Of clients whose lease has expired. */
  readonly handedOut: readonly RunningTrial[];
  /** How many of the new ones it gets, where there are as many. */
  readonly fresh: number;
}

/** The trials to answer with. */
export interface SuggestionPlan {
  /** One a request. */
  readonly shares: readonly SuggestionShare[];
  /** In the order of the requests. */
  readonly fresh: readonly NewTrial[];
  /** The trials that the fresh ones were chosen with running, beside themselves. */
  readonly pending: readonly number[];
  /** How many candidates were to be chosen at once. */
  readonly together: number;
  /** Why there are fewer than were asked for. */
  readonly exhausted: DomainError | undefined;
}

/**
 * At most `count` trials for each of the requests, which fix the same weights and come of different clients: first those that
 * the client has running already, then those whose lease has expired, then new ones, of which the baseline is the first.
 * Of expired ones, and the baseline, only those that have the fixed weights. The new ones are of one fit.
 *
 * Throws `budget_exhausted` where there is none for any.
 */
export async function planSuggestions(
  pool: ComputePool,
  moment: StudyMoment,
  now: number,
  requests: readonly SuggestionRequest[],
): Promise<SuggestionPlan> {
  const { definition, running } = moment;
  const fixed = requests[0]?.fixed;
  const shares = sharesOf(running, now, requests);
  const given = shares.flatMap(({ kept, handedOut }) => [...kept, ...handedOut]);
  const pending = running
    .filter((trial) => given.includes(trial) || !isExpired(trial, now))
    .slice(-MOST_PENDING);
  const wanted = shares.reduce((sum, share) => sum + share.fresh, 0);
  const fresh: NewTrial[] = [];
  const baseline = baselineTrial(definition);
  if (baseline !== undefined && !moment.hasBaseline && wanted > 0 && hasWeights(baseline, fixed)) {
    fresh.push(baseline);
  }
  const baselines = fresh.length;
  const budgetLeft = (definition.budget ?? Infinity) - moment.used;
  const together = Math.max(0, Math.min(wanted - baselines, budgetLeft));
  let exhausted: DomainError | undefined;
  try {
    while (fresh.length < wanted) {
      const made = fresh.length - baselines;
      if (made >= together) {
        throw new DomainError(
          'budget_exhausted',
          `study "${definition.name}" has used its budget of ${definition.budget} trials${stillRunning(running)}`,
        );
      }
      const trials = inOrder([...moment.finished, ...pending, ...fresh.map(asRunning)]);
      const candidates = await nextCandidates(pool, definition, trials, together - made, fixed);
      const first = moment.nextNumber + made;
      fresh.push(...candidates.map((candidate, i) => ({ number: first + i, ...candidate })));
    }
  } catch (error) {
    if (!isExhausted(error) || given.length + fresh.length === 0) throw error;
    exhausted = error;
  }
  return { shares, fresh, pending: pending.map(({ number }) => number), together, exhausted };
}

/** What each has of the running trials: nobody has one that somebody before has. */
function sharesOf(
  running: readonly RunningTrial[],
  now: number,
  requests: readonly SuggestionRequest[],
): readonly SuggestionShare[] {
  const taken = new Set<RunningTrial>();
  return requests.map(({ count, clientId, fixed }) => {
    const free = running.filter((trial) => !taken.has(trial));
    const kept = free
      .filter((trial) => clientId !== undefined && trial.clientId === clientId)
      .slice(0, count);
    const handedOut = free
      .filter((trial) => isExpired(trial, now) && !kept.includes(trial) && hasWeights(trial, fixed))
      .slice(0, count - kept.length);
    for (const trial of [...kept, ...handedOut]) taken.add(trial);
    return { kept, handedOut, fresh: count - kept.length - handedOut.length };
  });
}

/** Those of clients may come back: their lease may expire, or they may abandon them. */
function stillRunning(running: readonly RunningTrial[]): string {
  const suggested = running.filter(({ number }) => number !== BASELINE_TRIAL);
  return suggested.length === 0
    ? ''
    : `, of which ${suggested.length} run and may come back: ask again later`;
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

function isExhausted(error: unknown): error is DomainError {
  return error instanceof DomainError && error.code === 'budget_exhausted';
}
