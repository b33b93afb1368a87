import { countRequests, findDataset } from '../../store/datasets.ts';
import { inTransaction } from '../../store/open.ts';
import { checkTakesTrials } from '../../store/study-states.ts';
import { getStudy } from '../../store/studies.ts';
import { findSweep, updateSweep } from '../../store/sweeps.ts';
import { DomainError } from '../domain/errors.ts';
import type { Sweep, SweepProblem } from '../domain/sweep.ts';
import { defaultMemoryBudget } from '../evaluator/log/memory-budget.ts';
import { usableFiles } from './dataset-files.ts';
import { SERVICE_ACTOR, stepSweep, stoppedWork, workedUntil } from './end-sweep.ts';
import type { LogProcess } from './log-process.ts';
import { millisecondsOf } from './service-context.ts';
import type { SweepDeskOptions } from './sweep-desk-options.ts';
import type { SweepEnd, SweepMessage, SweepOrder, SweepPhase, SweepTask } from './sweep-messages.ts';

/** The work on one sweep, from its turn to its end. */
export interface SweepWork {
  /** When nothing of it is left. Rejected by what no sweep should meet. */
  readonly done: Promise<void>;
  readonly phase: () => SweepPhase | 'starting';
  /** Ends it before its next trial, or after so many milliseconds at once; what it has come to is stored all the same. */
  readonly halt: (graceMs: number) => void;
}

/** Begins the work on a queued sweep of this instance. `changed` is called whenever it has come further. */
export function workOnSweep(study: string, options: SweepDeskOptions, changed: () => void): SweepWork {
  let phase: SweepPhase | 'starting' = 'starting';
  let process: LogProcess<SweepOrder> | undefined;
  let isHalted = false;
  let killing: NodeJS.Timeout | undefined;

  const work = async (): Promise<void> => {
    const begun = await begin(study, options);
    if (begun === undefined || isHalted) return;
    const { sweep, task } = begun;
    changed();
    let end: SweepEnd | undefined;
    let seen = sweep;
    let completed: number | undefined;
    let stored = Promise.resolve();
    const hear = async (message: SweepMessage): Promise<void> => {
      if (message.kind === 'requests') {
        await countRequests(options.store, task.dataset.name, task.dataset.fingerprint, message);
      } else if (message.kind === 'progress') {
        const now = millisecondsOf(options.clock());
        const isFurther = completed !== undefined && message.completed > completed;
        completed = message.completed;
        const change = {
          standing: message.standing,
          workedMs: workedUntil(seen, now),
          countedAt: now,
          ...(isFurther && { deaths: 0 }),
        };
        if (await updateSweep(options.store, seen, change)) seen = { ...seen, ...change };
      }
      changed();
    };
    process = options.start((message) => {
      if (message.kind === 'phase') phase = message.phase;
      else if (message.kind !== 'requests' && message.kind !== 'progress') end = message;
      stored = stored.then(() => hear(message)).catch((error: unknown) => options.onFault(study, error));
    });
    process.tell({ kind: 'work', task });
    const { how, stderr } = await process.exited;
    clearTimeout(killing);
    await stored;
    end ??= isHalted ? { kind: 'stopped' } : brokenDown(how, stderr);
    await settle(study, options, end);
  };
  return {
    done: work(),
    phase: () => phase,
    halt(graceMs) {
      isHalted = true;
      if (process === undefined) return;
      process.tell({ kind: 'stop' });
      // What is read is read anew anyhow.
      killing = setTimeout(process.kill, phase === 'trials' ? graceMs : 0);
    },
  };
}

/** Sets a queued sweep running; undefined where it is not to be, or cannot. */
async function begin(
  study: string,
  { store, clock, instance, root, db, most, memory = defaultMemoryBudget() / most, onEnd }: SweepDeskOptions,
): Promise<{ readonly sweep: Sweep; readonly task: SweepTask } | undefined> {
  const sweep = await findSweep(store, study);
  if (sweep?.state !== 'queued' || sweep.instance !== instance.id) return undefined;
  const at = clock();
  const occasion = { actor: SERVICE_ACTOR, at };
  const countedAt = millisecondsOf(at);
  try {
    await checkTakesTrials(store, study);
    const { definition } = await getStudy(store, study);
    const dataset = await findDataset(store, sweep.dataset);
    if (dataset === undefined) {
      const found = `dataset "${sweep.dataset}" is not registered any more: expected it`;
      throw new DomainError('dataset_unusable', found);
    }
    const files = await usableFiles(dataset, root);
    const running = { state: 'running', countedAt } as const;
    const isBegun = await inTransaction(store, async (transaction) =>
      stepSweep(transaction, sweep, occasion, { change: running, kind: 'sweep_started' }),
    );
    if (!isBegun) return undefined;
    const { budget, run, actor, threads } = sweep;
    const { name, fingerprint } = dataset;
    const swept = budget === null ? definition : { ...definition, budget };
    const ofDataset = { name, files, fingerprint };
    return {
      sweep: { ...sweep, ...running },
      task: { db, definition: swept, run, instance: instance.id, actor, threads, memory, dataset: ofDataset },
    };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'database_invalid') throw error;
    const problem: SweepProblem = { code: error.code, detail: error.message };
    onEnd(study, `failed: ${problem.detail}`);
    await inTransaction(store, async (transaction) =>
      stepSweep(transaction, sweep, occasion, {
        change: { state: 'failed', problem, instance: null, endedAt: countedAt },
        kind: 'sweep_failed',
        payload: { problem },
        givesUpTrials: true,
      }),
    );
    return undefined;
  }
}

function brokenDown(how: string, stderr: string): SweepEnd {
  const detail = `the process of the sweep was ended (${how}), perhaps for want of memory: expected less of it (--memory), or ":sweep" again`;
  return { kind: 'failed', problem: { code: 'sweep_ended', detail }, line: `${detail} ${stderr}`.trim() };
}

/** Stores how the work has ended, where it is still this instance's. */
async function settle(
  study: string,
  { store, clock, instance, onEnd }: SweepDeskOptions,
  end: SweepEnd,
): Promise<void> {
  if (end.kind === 'stopped') return;
  onEnd(study, end.kind === 'failed' ? `failed: ${end.line}` : end.kind);
  const at = clock();
  await inTransaction(store, async (transaction) => {
    const sweep = await findSweep(transaction, study);
    if (sweep?.state !== 'running' || sweep.instance !== instance.id) return;
    const now = millisecondsOf(at);
    const over = { ...stoppedWork(sweep, now), endedAt: now };
    const occasion = { actor: SERVICE_ACTOR, at };
    if (end.kind === 'completed') {
      const change = { ...over, state: 'completed', findings: end.findings } as const;
      await stepSweep(transaction, sweep, occasion, { change, kind: 'sweep_completed' });
    } else {
      const { problem } = end;
      const change = { ...over, state: 'failed', problem } as const;
      const payload = { problem };
      const step = { change, kind: 'sweep_failed', payload, givesUpTrials: true } as const;
      await stepSweep(transaction, sweep, occasion, step);
    }
  });
}
