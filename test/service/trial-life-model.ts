import type { TrialAction, TrialState } from '../../src/domain/trial-state.ts';

/** What a trial should be. */
export interface ModelTrial {
  state: TrialState;
  clientId: string | null;
  leaseExpiresAt: number | null;
  gain: number | null;
}

/** A study as README describes it, without a line of the service: the state machine is tested against this. */
export class StudyModel {
  readonly trials = new Map<number, ModelTrial>();
  now: number;
  readonly budget: number;

  constructor(now: number, budget: number) {
    this.now = now;
    this.budget = budget;
  }

  /** The numbers that the client should be given, in their order; empty where the budget is used up. */
  suggest(clientId: string, count: number, leaseSeconds: number): readonly number[] {
    const running = [...this.trials].filter(([, { state }]) => state === 'running');
    const own = running.filter(([, trial]) => trial.clientId === clientId).slice(0, count);
    const expired = running
      .filter(([number, { leaseExpiresAt }]) => {
        return leaseExpiresAt! <= this.now && !own.some(([mine]) => mine === number);
      })
      .slice(0, count - own.length);
    const used = [...this.trials.values()].filter(
      ({ state }) => state !== 'abandoned' && state !== 'voided',
    ).length;
    const fresh = Math.max(0, Math.min(count - own.length - expired.length, this.budget - used));
    const until = this.now + leaseSeconds * 1000;
    for (const [, trial] of own) trial.leaseExpiresAt = Math.max(trial.leaseExpiresAt!, until);
    for (const [, trial] of expired) {
      trial.clientId = clientId;
      trial.leaseExpiresAt = until;
    }
    const first = Math.max(0, ...this.trials.keys()) + 1;
    const numbers = Array.from({ length: fresh }, (_, i) => first + i);
    for (const number of numbers) {
      this.trials.set(number, { state: 'running', clientId, leaseExpiresAt: until, gain: null });
    }
    return [...own.map(([number]) => number), ...expired.map(([number]) => number), ...numbers];
  }

  /** Takes the action, or returns the state that forbids it; undefined for a trial that is not there. */
  act(action: TrialAction, number: number, gain: number): 'done' | TrialState | undefined {
    const trial = this.trials.get(number);
    if (trial === undefined) return undefined;
    const { state } = trial;
    if (action === 'void') {
      if (state === 'running' || state === 'abandoned' || state === 'voided') return state;
      trial.state = 'voided';
      return 'done';
    }
    if (action === 'correct') {
      if (state !== 'completed') return state;
      trial.gain = gain;
      return 'done';
    }
    if (state !== 'running') return state;
    if (action === 'heartbeat') {
      trial.leaseExpiresAt = Math.max(trial.leaseExpiresAt!, this.now + 3_600_000);
      return 'done';
    }
    trial.leaseExpiresAt = null;
    if (action === 'complete') {
      trial.state = 'completed';
      trial.gain = gain;
    } else trial.state = action === 'fail' ? 'failed' : action === 'infeasible' ? 'infeasible' : 'abandoned';
    return 'done';
  }
}
