import { expect } from 'chai';
import type { DomainError } from '../../src/domain/errors.ts';
import {
  checkSweepAction,
  isOver,
  isUnderWay,
  SWEEP_STATES,
  SWEEP_TRANSITIONS,
  type SweepAction,
} from '../../src/domain/sweep-state.ts';

/** What the documentation says: which actions each state allows. */
const ALLOWED: Readonly<Record<(typeof SWEEP_STATES)[number], readonly SweepAction[]>> = {
  queued: ['pause', 'cancel'],
  running: ['pause', 'cancel'],
  paused: ['sweep', 'resume', 'cancel'],
  interrupted: ['sweep', 'resume', 'cancel'],
  completed: ['sweep'],
  cancelled: ['sweep'],
  failed: ['sweep'],
};

describe('states of a sweep', () => {
  it('allow what is documented, and refuse all else with the state', () => {
    for (const state of SWEEP_STATES) {
      for (const action of Object.keys(SWEEP_TRANSITIONS) as SweepAction[]) {
        const check = (): void => checkSweepAction(action, 'feed', state);
        if (ALLOWED[state].includes(action)) expect(check, `${action} ${state}`).to.not.throw();
        else {
          let error: DomainError | undefined;
          try {
            check();
          } catch (thrown) {
            error = thrown as DomainError;
          }
          expect(error?.code, `${action} ${state}`).to.equal('sweep_state');
          expect(error!.details.state).to.equal(state);
          expect(error!.message).to.match(new RegExp(`^the sweep of study "feed" is ${state}: expected `));
        }
      }
    }
  });

  it('are under way, over, or wait for a client', () => {
    expect(SWEEP_STATES.filter(isUnderWay)).to.deep.equal(['queued', 'running']);
    expect(SWEEP_STATES.filter(isOver)).to.deep.equal(['completed', 'cancelled', 'failed']);
  });
});
