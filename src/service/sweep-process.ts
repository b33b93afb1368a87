import type { SweepMessage, SweepOrder } from './sweep-messages.ts';

/** A process that works on one sweep. */
export interface SweepProcess {
  /** When nothing of it is left: its code or signal, and the last that it wrote. */
  readonly exited: Promise<{ readonly how: string; readonly stderr: string }>;
  readonly tell: (order: SweepOrder) => void;
  /** At once: what it has not stored is lost, and what it has stored stays whole. */
  readonly kill: () => void;
}

/** How such a process is started; it waits for its task. */
export type StartSweepProcess = (onMessage: (message: SweepMessage) => void) => SweepProcess;
