import type { Store } from '../../store/open.ts';
import type { Clock } from './clock.ts';
import type { ProcessInstance } from './process-instance.ts';
import type { StartLogProcess } from './log-process.ts';
import type { SweepMessage, SweepOrder } from './sweep-messages.ts';

/** What the service sweeps with. */
export interface SweepDeskOptions {
  readonly store: Store;
  /** The file of the store, which the processes open too. */
  readonly db: string;
  /** The folder that datasets may lie in. */
  readonly root: string;
  /** Sweeps that run at the same time; others wait. */
  readonly most: number;
  /** Threads of a sweep at most, and where nobody says how many. */
  readonly threads: number;
  /** Bytes that the log of one sweep and evaluating it may take; left out, half of the machine's for all. */
  readonly memory?: number | undefined;
  readonly clock: Clock;
  readonly instance: ProcessInstance;
  readonly start: StartLogProcess<SweepOrder, SweepMessage>;
  /** Told what the operator should know: how each sweep has ended, and faults. */
  readonly onEnd: (study: string, end: string) => void;
  readonly onFault: (study: string, error: unknown) => void;
}
