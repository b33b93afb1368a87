import type { SweepProgress } from './run-trials.ts';
import { secondsLeft, type TimedTrial } from './time-left.ts';

export interface TrialTimes {
  /** Must see every progress of a sweep as it is told. */
  readonly see: (progress: SweepProgress) => void;
  /** Of the sweep as it was last seen; undefined while too little is known. */
  readonly left: () => number | undefined;
}

/** Times trials that are suggested and evaluated one at a time: those of the initial design are not like the later ones. */
export function timeTrials(secondsNow: () => number): TrialTimes {
  const timed: TimedTrial[] = [];
  let latest: SweepProgress | undefined;
  let idleSince: number | undefined;
  let startedAt: number | undefined;
  return {
    see(progress) {
      const now = secondsNow();
      const running = progress.trials.filter(({ state }) => state === 'running').length;
      if (running === 1 && idleSince !== undefined) startedAt = now;
      else {
        const before = latest?.completed;
        if (running === 0 && startedAt !== undefined && before === progress.completed - 1) {
          timed.push({ before, suggesting: startedAt - idleSince!, evaluating: now - startedAt });
        }
        startedAt = undefined;
        idleSince = running === 0 ? now : undefined;
      }
      latest = progress;
    },
    left: () => latest && secondsLeft(timed, latest.completed, latest.budget),
  };
}
