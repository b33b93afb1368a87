import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import {
  checkTransition,
  isAllowed,
  TRANSITIONS,
  TRIAL_STATES,
  type TrialAction,
  type TrialState,
  usesBudget,
} from '../../src/domain/trial-state.ts';

/** What README promises, state by state. */
const ALLOWED: Readonly<Record<TrialState, readonly TrialAction[]>> = {
  running: ['complete', 'fail', 'infeasible', 'abandon', 'heartbeat'],
  completed: ['void', 'correct'],
  failed: ['void'],
  infeasible: ['void'],
  abandoned: [],
  voided: [],
};

describe('the states of a trial', () => {
  it('allow what they allow, and no more', () => {
    const actions = Object.keys(TRANSITIONS) as TrialAction[];
    for (const state of TRIAL_STATES) {
      expect(actions.filter((action) => isAllowed(action, state))).to.have.members([...ALLOWED[state]]);
    }
  });

  it('can all be reached from running, and never run again once they do not', () => {
    const reached = new Set<TrialState>(['running']);
    for (const state of reached) {
      for (const action of ALLOWED[state]) reached.add(TRANSITIONS[action].to);
    }
    expect([...reached]).to.have.members([...TRIAL_STATES]);
    for (const { from, to } of Object.values(TRANSITIONS)) {
      if (to === 'running') expect(from).to.deep.equal(['running']);
    }
  });

  it('use the budget but where the trial is abandoned or voided', () => {
    expect(TRIAL_STATES.filter((state) => !usesBudget(state))).to.deep.equal(['abandoned', 'voided']);
  });

  it('are told with what was expected', () => {
    expect(() => checkTransition('void', 7, 'voided'))
      .throw(DomainError, 'trial 7 is voided: expected a completed, failed or infeasible trial')
      .with.deep.property('details', { state: 'voided' });
  });
});
