import { DomainError } from './errors.ts';

/** Where a trial stands. Only a running one changes but for `void` and `correct`; a voided one never does. */
export const TRIAL_STATES = ['running', 'completed', 'failed', 'infeasible', 'abandoned', 'voided'] as const;

export type TrialState = (typeof TRIAL_STATES)[number];

/** What can be done with a trial, under the verb of its route. */
export type TrialAction = 'complete' | 'fail' | 'infeasible' | 'abandon' | 'heartbeat' | 'void' | 'correct';

interface Transition {
  readonly from: readonly TrialState[];
  readonly to: TrialState;
  /** What is expected where the trial is in another state. */
  readonly expected: string;
}

const RUNNING = { from: ['running'], expected: 'a running trial' } as const;

/** Every change of state there is. */
export const TRANSITIONS: Readonly<Record<TrialAction, Transition>> = {
  complete: { ...RUNNING, to: 'completed' },
  fail: { ...RUNNING, to: 'failed' },
  infeasible: { ...RUNNING, to: 'infeasible' },
  abandon: { ...RUNNING, to: 'abandoned' },
  heartbeat: { ...RUNNING, to: 'running' },
  void: {
    from: ['completed', 'failed', 'infeasible'],
    to: 'voided',
    expected: 'a completed, failed or infeasible trial',
  },
  correct: { from: ['completed'], to: 'completed', expected: 'a completed trial' },
};

/** Whether the action can be taken on a trial in this state. */
export function isAllowed(action: TrialAction, state: TrialState): boolean {
  return TRANSITIONS[action].from.includes(state);
}

/** Throws `trial_state`, with the state, where the action cannot be taken. */
export function checkTransition(action: TrialAction, number: number, state: TrialState): void {
  if (isAllowed(action, state)) return;
  const found = `trial ${number} is ${state}: expected ${TRANSITIONS[action].expected}`;
  throw new DomainError('trial_state', found, {}, { state });
}

/** Whether a suggested trial in this state uses one of the study's budget. */
export function usesBudget(state: TrialState): boolean {
  return state !== 'abandoned' && state !== 'voided';
}

/** Whether weights in this state were tried without a result, and are not to be proposed again. */
export function isFruitless(state: TrialState): boolean {
  return state === 'failed' || state === 'infeasible';
}
