import { interruptSweep, leftBehind, takeUpSweep } from './end-sweep.ts';
import type { SweepDeskOptions } from './sweep-desk-options.ts';
import type { SweepPhase } from './sweep-messages.ts';
import { type SweepWork, workOnSweep } from './work-on-sweep.ts';

/** Where sweeps wait for their turn and are worked on, each in a process of its own. */
export interface SweepDesk extends Pick<SweepDeskOptions, 'root' | 'most' | 'threads'> {
  /** Sweeps that wait here. */
  waiting(): number;
  /** Whether this process has the sweep of a study, waiting or at work. */
  has(study: string): boolean;
  /** What the process of a sweep does; undefined where it waits, or is not here. */
  phaseOf(study: string): SweepPhase | 'starting' | undefined;
  /** Says that this process is about to have the sweep of a study; returns how to take that back. */
  reserve(study: string): () => void;
  /** Takes a queued sweep on, whose row says that it is this instance's. */
  enqueue(study: string): void;
  /** Ends the work on a sweep: before its next trial, or after so many milliseconds at once. Resolves when nothing is left of it. */
  halt(study: string, graceMs: number): Promise<void>;
  /** Takes up what processes that have ended have left. */
  takeUp(): Promise<void>;
  /** Halts all, for who starts the service next. */
  stop(graceMs: number): Promise<void>;
  /** Calls back whenever the sweep of a study may have changed; returns how to end that. */
  watch(study: string, listener: () => void): () => void;
  /** Tells those who watch. */
  changed(study: string): void;
}

export function createSweepDesk(options: SweepDeskOptions): SweepDesk {
  const { root, most, threads, store, instance } = options;
  const queue: string[] = [];
  const working = new Map<string, SweepWork>();
  const reserved = new Set<string>();
  const listeners = new Map<string, Set<() => void>>();
  let isStopping = false;

  const changed = (study: string): void => {
    for (const listener of listeners.get(study) ?? []) listener();
  };
  const next = (): void => {
    while (working.size < most) {
      // The work on one that has just ended may not be over yet.
      const place = isStopping ? -1 : queue.findIndex((study) => !working.has(study));
      if (place < 0) return;
      void workOn(queue.splice(place, 1)[0]!);
    }
  };
  const workOn = async (study: string): Promise<void> => {
    const work = workOnSweep(study, options, () => changed(study));
    working.set(study, work);
    try {
      await work.done;
    } catch (error) {
      options.onFault(study, error);
    } finally {
      working.delete(study);
      changed(study);
      next();
    }
  };
  const halt = async (study: string, graceMs: number): Promise<void> => {
    const place = queue.indexOf(study);
    if (place >= 0) queue.splice(place, 1);
    const work = working.get(study);
    if (work === undefined) return;
    work.halt(graceMs);
    await work.done.catch(() => undefined);
  };
  const enqueue = (study: string): void => {
    if (!queue.includes(study)) queue.push(study);
    next();
  };
  return {
    root,
    most,
    threads,
    waiting: () => queue.length,
    has: (study) => working.has(study) || queue.includes(study) || reserved.has(study),
    phaseOf: (study) => working.get(study)?.phase(),
    reserve(study) {
      reserved.add(study);
      return () => void reserved.delete(study);
    },
    enqueue,
    halt,
    async takeUp() {
      for (const sweep of await leftBehind(store, instance)) {
        if (await takeUpSweep(options, sweep)) enqueue(sweep.study);
      }
    },
    async stop(graceMs) {
      isStopping = true;
      const studies = [...working.keys()];
      await Promise.all(
        studies.map(async (study) => {
          reserved.add(study);
          await halt(study, graceMs);
          await interruptSweep(options, study);
        }),
      );
    },
    watch(study, listener) {
      const own = listeners.get(study) ?? new Set();
      listeners.set(study, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0) listeners.delete(study);
      };
    },
    changed,
  };
}
