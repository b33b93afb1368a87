import { DomainError } from './errors.ts';

/** Where a sweep of the service stands. */
export const SWEEP_STATES = [
  'queued',
  'running',
  'paused',
  'interrupted',
  'completed',
  'cancelled',
  'failed',
] as const;

export type SweepState = (typeof SWEEP_STATES)[number];

/** What a client can do with a sweep, under the verb of its route. */
export type SweepAction = 'sweep' | 'pause' | 'resume' | 'cancel';

interface SweepTransition {
  readonly from: readonly SweepState[];
  readonly to: SweepState;
  /** What is expected where the sweep is in another state. */
  readonly expected: string;
}

/** Every change of state that a client can make. */
export const SWEEP_TRANSITIONS: Readonly<Record<SweepAction, SweepTransition>> = {
  sweep: {
    from: ['paused', 'interrupted', 'completed', 'cancelled', 'failed'],
    to: 'queued',
    expected: 'one that neither waits nor runs',
  },
  pause: { from: ['queued', 'running'], to: 'paused', expected: 'one that waits or runs' },
  resume: { from: ['paused', 'interrupted'], to: 'queued', expected: 'a paused or interrupted one' },
  cancel: {
    from: ['queued', 'running', 'paused', 'interrupted'],
    to: 'cancelled',
    expected: 'one that has not ended',
  },
};

/** Throws `sweep_state`, with the state, where the action cannot be taken. */
export function checkSweepAction(action: SweepAction, study: string, state: SweepState): void {
  const { from, expected } = SWEEP_TRANSITIONS[action];
  if (from.includes(state)) return;
  const found = `the sweep of study "${study}" is ${state}: expected ${expected}`;
  throw new DomainError('sweep_state', found, {}, { state });
}

/** Whether a process has it or will: all else waits for a client. */
export function isUnderWay(state: SweepState): boolean {
  return state === 'queued' || state === 'running';
}

/** Whether it has ended for good: what comes next is another run. */
export function isOver(state: SweepState): boolean {
  return state === 'completed' || state === 'cancelled' || state === 'failed';
}
