import type { StudyDefinition } from '../domain/study.ts';
import type { SweepFindings, SweepProblem, SweepStanding } from '../domain/sweep.ts';
import type { RegisteredLog } from './registered-log.ts';

/** What the process of a sweep works on; JSON. */
export interface SweepTask {
  /** The file of the database. */
  readonly db: string;
  readonly definition: StudyDefinition;
  /** Which sweep it is: where the database says otherwise, it is another's by now. */
  readonly run: number;
  readonly instance: string;
  readonly actor: string;
  readonly threads: number;
  /** Bytes that the log and evaluating it may take. */
  readonly memory: number;
  readonly dataset: RegisteredLog;
}

/** What the service tells the process of a sweep. */
export type SweepOrder =
  | { readonly kind: 'work'; readonly task: SweepTask }
  /** End before the next trial. */
  | { readonly kind: 'stop' };

/** What the process of a sweep does: trials come last. */
export type SweepPhase = 'reading' | 'trials';

/** What the process of a sweep tells the service. */
export type SweepMessage =
  | { readonly kind: 'phase'; readonly phase: SweepPhase }
  | { readonly kind: 'requests'; readonly column: string; readonly count: number }
  | { readonly kind: 'progress'; readonly completed: number; readonly standing: SweepStanding }
  | SweepEnd;

/** The last message. */
export type SweepEnd =
  | { readonly kind: 'completed'; readonly findings: SweepFindings }
  /** It was told to stop, or is another's. */
  | { readonly kind: 'stopped' }
  | {
      readonly kind: 'failed';
      readonly problem: SweepProblem;
      /** The same for the log of the service, paths included. */
      readonly line: string;
    };
