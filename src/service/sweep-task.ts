import { findSweep } from '../../store/sweeps.ts';
import { openStore, type Store } from '../../store/open.ts';
import { checkTakesTrials } from '../../store/study-states.ts';
import { DomainError } from '../domain/errors.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import type { Incumbent } from '../domain/sweep.ts';
import { isBinned } from './binned-log.ts';
import { bestSoFar } from './best-so-far.ts';
import type { Clock } from './clock.ts';
import { loadInForm } from './load-in-form.ts';
import { paretoSoFar } from './pareto-so-far.ts';
import { problemWithoutPaths } from './problem-without-paths.ts';
import { loadRegistered } from './registered-log.ts';
import type { SweepProgress } from './run-trials.ts';
import { sweep, type SweptLog } from './sweep.ts';
import { sweepMemory } from './sweep-memory.ts';
import type { SweepEnd, SweepMessage, SweepTask } from './sweep-messages.ts';
import { timeTrials } from './time-trials.ts';

export interface SweepTaskContext {
  readonly tell: (message: SweepMessage) => void;
  /** Aborted when the sweep is to end before its next trial. */
  readonly stopping: AbortSignal;
  readonly clock: Clock;
  readonly secondsNow: () => number;
}

/** Sweeps as `pondera sweep` does, in the process that the service has given to it. Returns how it ended; throws nothing. */
export async function runSweepTask(task: SweepTask, context: SweepTaskContext): Promise<SweepEnd> {
  const { definition, threads, actor } = task;
  const { tell, clock, secondsNow } = context;
  const times = timeTrials(secondsNow);
  try {
    tell({ kind: 'phase', phase: 'reading' });
    const { holdout, samples, disagreements } = await sweep(definition, {
      loadLog: async () => loadDataset(task, tell),
      openStore: () => openStore(task.db),
      workers: threads,
      clock,
      actor,
      onProgress(progress) {
        times.see(progress);
        const standing = { incumbent: incumbentOf(progress), secondsLeft: times.left() ?? null };
        tell({ kind: 'progress', completed: progress.completed, standing });
      },
      checkpoint: (store) => checkpoint(store, task, context.stopping),
    });
    return {
      kind: 'completed',
      findings: {
        ...(holdout !== undefined && { holdout }),
        ...(samples !== undefined && { samples }),
        disagreements: [...disagreements],
      },
    };
  } catch (error) {
    if (error instanceof StoppedError) return { kind: 'stopped' };
    const line = error instanceof DomainError ? error.line : String((error as Error).stack);
    return { kind: 'failed', problem: problemWithoutPaths(error, task.dataset), line };
  }
}

async function loadDataset(
  { definition, dataset, memory, threads }: SweepTask,
  tell: SweepTaskContext['tell'],
): Promise<SweptLog> {
  const loaded = await loadRegistered(dataset, (files) =>
    loadInForm(definition, files, {
      memoryBudget: memory,
      furtherMemory: sweepMemory(definition, threads),
      isBootstrapped: false,
      onHistogram: () => undefined,
    }),
  );
  if (!isBinned(loaded.log)) {
    tell({ kind: 'requests', column: definition.log!.request, count: loaded.log.requests });
  }
  tell({ kind: 'phase', phase: 'trials' });
  return loaded;
}

/** Throws where the sweep is to end: it was told to, it is another's by now, or its study takes no more trials. */
async function checkpoint(store: Store, task: SweepTask, stopping: AbortSignal): Promise<void> {
  const { definition, run, instance } = task;
  if (stopping.aborted) throw new StoppedError();
  const now = await findSweep(store, definition.name);
  if (now?.run !== run || now.state !== 'running' || now.instance !== instance) throw new StoppedError();
  await checkTakesTrials(store, definition.name);
}

function incumbentOf({ definition, trials }: SweepProgress): Incumbent | null {
  const [objective, ...others] = objectivesOf(definition);
  if (others.length > 0) return paretoIncumbent(definition, trials);
  const best = bestSoFar(definition, trials);
  if (best === undefined) return null;
  const { number: trial, feasible, value } = best;
  return { trial, feasible, metric: objective!.metric, value };
}

function paretoIncumbent(definition: StudyDefinition, trials: SweepProgress['trials']): Incumbent | null {
  const set = paretoSoFar(definition, trials);
  return set === undefined ? null : { paretoTrials: set.size, hypervolume: set.hypervolume };
}

class StoppedError extends Error {}
