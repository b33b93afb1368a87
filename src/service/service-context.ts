import type { Occasion } from '../../store/events.ts';
import type { Store } from '../../store/open.ts';
import type { Clock } from './clock.ts';
import type { ComputePool } from './compute-pool.ts';
import type { StudyQueue } from './study-queue.ts';

/** What the use cases of the service work with. */
export interface ServiceContext {
  readonly store: Store;
  readonly pool: ComputePool;
  readonly queue: StudyQueue;
  readonly clock: Clock;
  /** Who asks: the name of a key, `local` without one. */
  readonly actor: string;
}

/** What a use case that writes works with. */
export interface WriteContext<Result> extends ServiceContext {
  /** Called with the result, in the transaction that stores it: what is written here is stored with it or not at all. */
  readonly onStored?: (transaction: Store, result: Result) => Promise<void>;
}

/** Who and when, for the event log. */
export function occasionOf({ actor, clock }: Pick<ServiceContext, 'actor' | 'clock'>): Occasion {
  return { actor, at: clock() };
}

/** The time as milliseconds since the epoch, which leases are counted in. */
export function millisecondsOf(at: string): number {
  return Date.parse(at);
}
