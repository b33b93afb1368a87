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
}
