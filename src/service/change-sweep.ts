import { appendEvents } from '../../store/events.ts';
import { inTransaction, type Store } from '../../store/open.ts';
import { checkTakesTrials } from '../../store/study-states.ts';
import { getStudy } from '../../store/studies.ts';
import { findSweep, insertSweep } from '../../store/sweeps.ts';
import { DomainError } from '../domain/errors.ts';
import type { Sweep } from '../domain/sweep.ts';
import { checkSweepAction, SWEEP_TRANSITIONS } from '../domain/sweep-state.ts';
import { usableFiles } from './dataset-files.ts';
import { type SweepStep, stepSweep, stoppedWork } from './end-sweep.ts';
import {
  completedTrials,
  datasetOf,
  noSweep,
  readSweep,
  type SweepingContext,
  type SweepView,
  stateOf,
  viewOf,
} from './read-sweep.ts';
import { millisecondsOf, occasionOf, type WriteContext } from './service-context.ts';
import type { SweepDesk } from './sweep-desk.ts';

type Writing = WriteContext<SweepView> & SweepingContext;

/** What a client asks for; what is left out stays as it was, or is as the study and the service say. */
export interface SweepAsked {
  /** Trials that the study is to have, the baseline not counted. */
  readonly trials?: number | undefined;
  readonly threads?: number | undefined;
}

/** Sweeps that wait for their turn. */
const MOST_WAITING = 100;

/** How long the trial that is evaluated may take to its end when its sweep is paused; after that it is evaluated again, later. */
const PAUSE_MS = 2000;

/**
 * Has the service sweep on a study's dataset: begins, or goes on with a sweep that is paused or interrupted, or after one that
 * has ended.
 *
 * Throws `study_not_found`, `study_archived`, `study_unsupported` for a study without a log, `dataset_unusable`, `sweep_state` while one
 * waits or runs, `sweeps_full`.
 */
export async function startSweep(
  context: Writing,
  studyId: string,
  asked: SweepAsked,
  action: 'sweep' | 'resume' = 'sweep',
): Promise<SweepView> {
  const desk = deskOf(context);
  let release: (() => void) | undefined;
  const start = async (): Promise<SweepView> => {
    const dataset = await datasetOf(context.store, await getStudy(context.store, studyId));
    await usableFiles(dataset, desk.root);
    if (asked.threads !== undefined && asked.threads > desk.threads) {
      throw new DomainError(
        'request_invalid',
        `${asked.threads} is more than a sweep may have here: expected at most ${desk.threads}`,
        { pointer: '/threads' },
      );
    }
    const { store, clock, instance, actor } = context;
    return inTransaction(store, async (transaction) => {
      await checkTakesTrials(transaction, studyId);
      const last = await findSweep(transaction, studyId);
      const state = last && stateOf(last, context);
      if (state !== undefined) checkSweepAction(action, studyId, state);
      if (asked.trials !== undefined) await checkBudget(transaction, studyId, asked.trials);
      if (desk.waiting() >= MOST_WAITING) throw tooMany();
      const at = clock();
      const isResumed = state === 'paused' || state === 'interrupted';
      const queued = {
        state: 'queued',
        dataset: dataset.name,
        instance: instance.id,
        deaths: 0,
        queuedAt: millisecondsOf(at),
        endedAt: null,
        problem: null,
        findings: null,
      } as const;
      const fresh = { ...queued, actor, countedAt: null, workedMs: 0 };
      const run = isResumed ? last!.run : (last?.run ?? 0) + 1;
      const budget = asked.trials ?? (isResumed ? last!.budget : null);
      const threads = asked.threads ?? (isResumed ? last!.threads : desk.threads);
      const payload = { run, dataset: dataset.name, trials: budget, threads };
      // From here on it is no row that was left behind.
      release = desk.reserve(studyId);
      const kind = isResumed ? 'sweep_resumed' : 'sweep_queued';
      const occasion = { actor, at };
      if (last === undefined) {
        const sweep: Sweep = { study: studyId, run, budget, threads, standing: null, ...fresh };
        await insertSweep(transaction, sweep);
        await appendEvents(transaction, studyId, occasion, [{ kind, trial: null, payload }]);
      } else {
        const change = isResumed
          ? { ...stoppedWork(last, millisecondsOf(at)), ...queued, budget, threads }
          : { ...fresh, run, budget, threads };
        if (!(await stepSweep(transaction, last, occasion, { change, kind, payload })))
          throw changing(studyId);
      }
      return stored(context, transaction, studyId);
    });
  };
  try {
    const view = await context.queue(studyId, start);
    desk.enqueue(studyId);
    return view;
  } finally {
    release?.();
  }
}

/** The study would have fewer trials than it has. */
async function checkBudget(transaction: Store, studyId: string, trials: number): Promise<void> {
  const completed = await completedTrials(transaction, studyId);
  if (trials >= completed) return;
  throw new DomainError(
    'request_invalid',
    `is ${trials}, and study "${studyId}" has ${completed} trials: expected so many at least`,
    { pointer: '/trials' },
  );
}

/** Pauses a sweep that waits or runs. What it was evaluating is evaluated again when it goes on. Throws `sweep_state`. */
export async function pauseSweep(context: Writing, studyId: string): Promise<SweepView> {
  return stopSweep(context, studyId, 'pause', PAUSE_MS, (sweep, now) => ({
    change: { ...stoppedWork(sweep, now), state: 'paused' },
    kind: 'sweep_paused',
  }));
}

/** Goes on with a paused or interrupted sweep. Throws `sweep_state`, and what `startSweep` throws. */
export async function resumeSweep(context: Writing, studyId: string): Promise<SweepView> {
  // Told before what is wrong with the dataset.
  checkSweepAction('resume', studyId, (await readSweep(context, studyId)).state);
  return startSweep(context, studyId, {}, 'resume');
}

/** Ends a sweep at once; the trials that it was evaluating are abandoned. Throws `sweep_state`. */
export async function cancelSweep(context: Writing, studyId: string): Promise<SweepView> {
  return stopSweep(context, studyId, 'cancel', 0, (sweep, now) => ({
    change: { ...stoppedWork(sweep, now), state: 'cancelled', endedAt: now },
    kind: 'sweep_cancelled',
    givesUpTrials: true,
  }));
}

async function stopSweep(
  context: Writing,
  studyId: string,
  action: 'pause' | 'cancel',
  graceMs: number,
  stepOf: (sweep: Sweep, now: number) => SweepStep,
): Promise<SweepView> {
  const { store, queue, sweeps } = context;
  let release: (() => void) | undefined;
  const stop = async (): Promise<SweepView> => {
    const { state } = await readSweep(context, studyId);
    checkSweepAction(action, studyId, state);
    // Until it is stored otherwise it is this process's, though nothing works on it any more.
    release = sweeps?.reserve(studyId);
    await sweeps?.halt(studyId, graceMs);
    return inTransaction(store, async (transaction) => {
      const sweep = await findSweep(transaction, studyId);
      if (sweep === undefined) throw noSweep(studyId);
      // It may have ended by itself meanwhile.
      if (!SWEEP_TRANSITIONS[action].from.includes(sweep.state))
        checkSweepAction(action, studyId, sweep.state);
      const occasion = occasionOf(context);
      await stepSweep(transaction, sweep, occasion, stepOf(sweep, millisecondsOf(occasion.at)));
      return stored(context, transaction, studyId);
    });
  };
  try {
    return await queue(studyId, stop);
  } finally {
    release?.();
    sweeps?.changed(studyId);
  }
}

async function stored(context: Writing, transaction: Writing['store'], studyId: string): Promise<SweepView> {
  const sweep = (await findSweep(transaction, studyId))!;
  const view = { ...(await viewOf(context, transaction, sweep)), state: sweep.state };
  await context.onStored?.(transaction, view);
  return view;
}

function deskOf({ sweeps }: SweepingContext): SweepDesk {
  if (sweeps !== undefined) return sweeps;
  throw new DomainError(
    'dataset_unusable',
    'this service may read no dataset: expected one that is started with a folder of them (serve --datasets)',
  );
}

function tooMany(): DomainError {
  return new DomainError(
    'sweeps_full',
    `${MOST_WAITING} sweeps wait for their turn: expected fewer at a time`,
  );
}

function changing(studyId: string): DomainError {
  return new DomainError(
    'sweep_state',
    `the sweep of study "${studyId}" has just changed: expected another look`,
  );
}
