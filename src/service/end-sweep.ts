import { appendEvents, type NewEvent, type Occasion } from '../../store/events.ts';
import { inTransaction, type Store } from '../../store/open.ts';
import { runningTrials } from '../../store/search-trials.ts';
import { findSweep, type SweepChange, sweepsInState, updateSweep } from '../../store/sweeps.ts';
import { endTrial } from '../../store/trial-states.ts';
import type { EventKind, EventPayload } from '../domain/event.ts';
import type { Sweep } from '../domain/sweep.ts';
import { isUnderWay } from '../domain/sweep-state.ts';
import type { Clock } from './clock.ts';
import type { ProcessInstance } from './process-instance.ts';
import { millisecondsOf } from './service-context.ts';

/** Whose processes do what nobody asked for. */
export const SERVICE_ACTOR = 'service';

/** Processes that may end over a sweep between two trials before it waits for somebody to look. */
const MOST_DEATHS = 2;

interface Keeping {
  readonly store: Store;
  readonly clock: Clock;
  readonly instance: ProcessInstance;
}

/** A change of a sweep, and what the event log hears of it. */
export interface SweepStep {
  readonly change: SweepChange;
  readonly kind: EventKind;
  readonly payload?: EventPayload;
  /** Whether trials that run are given up: nobody will measure them. */
  readonly givesUpTrials?: boolean;
}

/** Changes a sweep that is as it was seen, and tells the event log. Returns whether it was. */
export async function stepSweep(
  transaction: Store,
  sweep: Sweep,
  occasion: Occasion,
  { change, kind, payload = {}, givesUpTrials = false }: SweepStep,
): Promise<boolean> {
  if (!(await updateSweep(transaction, sweep, change))) return false;
  const events: NewEvent[] = [];
  if (givesUpTrials) {
    for (const { number } of await runningTrials(transaction, sweep.study)) {
      const reason = 'its sweep has ended';
      await endTrial(transaction, sweep.study, number, 'abandon', { reason, at: occasion.at });
      events.push({ kind: 'trial_abandoned', trial: number, payload: { reason } });
    }
  }
  const run = change.run ?? sweep.run;
  await appendEvents(transaction, sweep.study, occasion, [
    ...events,
    { kind, trial: null, payload: { run, ...payload } },
  ]);
  return true;
}

/** What stands in a sweep whose work ends now. */
export function stoppedWork(sweep: Sweep, now: number): SweepChange {
  return { countedAt: null, workedMs: workedUntil(sweep, now), instance: null };
}

/** How long a sweep has been worked on. */
export function workedUntil({ workedMs, countedAt }: Sweep, now: number): number {
  return countedAt === null ? workedMs : workedMs + Math.max(0, now - countedAt);
}

/** The sweeps that are under way for processes that have ended. */
export async function leftBehind(store: Store, instance: ProcessInstance): Promise<readonly Sweep[]> {
  const underWay = await sweepsInState(store, ['queued', 'running']);
  return underWay.filter(({ instance: id }) => id === null || (id !== instance.id && !instance.isAlive(id)));
}

/**
 * Puts a sweep that was left behind into this instance's queue; one over which processes have ended again and again waits for
 * somebody to look. Returns whether it is this instance's now.
 */
export async function takeUpSweep({ store, clock, instance }: Keeping, sweep: Sweep): Promise<boolean> {
  const occasion = { actor: SERVICE_ACTOR, at: clock() };
  const wasRunning = sweep.state === 'running';
  const deaths = sweep.deaths + (wasRunning ? 1 : 0);
  // How long it was worked on after the last that it told is not known.
  const left: SweepChange = { countedAt: null, deaths };
  const isBroken = deaths > MOST_DEATHS;
  return inTransaction(store, async (transaction) => {
    const taken = await stepSweep(
      transaction,
      sweep,
      occasion,
      isBroken
        ? {
            change: { ...left, state: 'interrupted', instance: null },
            kind: 'sweep_interrupted',
            payload: { deaths },
          }
        : { change: { ...left, state: 'queued', instance: instance.id }, kind: 'sweep_resumed' },
    );
    return taken && !isBroken;
  });
}

/** Leaves a sweep that was halted to whoever starts the service next. */
export async function interruptSweep({ store, clock, instance }: Keeping, study: string): Promise<void> {
  const at = clock();
  await inTransaction(store, async (transaction) => {
    const sweep = await findSweep(transaction, study);
    if (sweep === undefined || !isUnderWay(sweep.state) || sweep.instance !== instance.id) return;
    await stepSweep(
      transaction,
      sweep,
      { actor: SERVICE_ACTOR, at },
      {
        change: { ...stoppedWork(sweep, millisecondsOf(at)), state: 'queued' },
        kind: 'sweep_interrupted',
        payload: { reason: 'the service stopped' },
      },
    );
  });
}
