import type { SweepProblem } from '../domain/sweep.ts';
import type { Weights } from '../domain/trial.ts';
import type { StoredStudy } from '../../store/studies.ts';
import type { RegisteredLog } from './registered-log.ts';

/** The log that arms are measured on; JSON. */
export interface MeasuringTask {
  readonly study: Pick<StoredStudy, 'definition' | 'logFingerprint'>;
  readonly dataset: RegisteredLog;
  readonly threads: number;
  /** Bytes that the log and evaluating it may take. */
  readonly memory: number;
}

/** What the service asks of the process that has the log, one thing at a time: to read it first. */
export type MeasuringOrder =
  | { readonly kind: 'read'; readonly task: MeasuringTask }
  | { readonly kind: 'measure'; readonly points: readonly Weights[] }
  | { readonly kind: 'compare'; readonly points: readonly Weights[]; readonly cutoff: number };

/** What it answers, as `ArmLog` has it; null stands for what JSON has no number for. */
export type MeasuringAnswer =
  | { readonly kind: 'read'; readonly spreads: Readonly<Record<string, number>> }
  | { readonly kind: 'measure'; readonly metrics: readonly Readonly<Record<string, number>>[] }
  | { readonly kind: 'compare'; readonly taus: readonly (number | null)[] }
  | {
      readonly kind: 'failed';
      readonly problem: SweepProblem;
      /** The same for the log of the service, paths included. */
      readonly line: string;
    };
