import { Presets, SingleBar } from 'cli-progress';
import { objectivesOf } from '../domain/study.ts';
import { bestSoFar } from '../service/best-so-far.ts';
import { paretoSoFar } from '../service/pareto-so-far.ts';
import type { SweepProgress } from '../service/run-trials.ts';
import { timeTrials } from '../service/time-trials.ts';
import { formatTimeLeft } from './format-time-left.ts';

/** Shows how far a sweep is: a bar on a terminal, else one line a trial. */
export interface ProgressDisplay {
  readonly update: (progress: SweepProgress) => void;
  readonly stop: () => void;
  /** Where the sweep stands, in words. */
  readonly summary: () => string;
}

export function sweepProgress(
  stream: NodeJS.WriteStream,
  secondsNow = (): number => performance.now() / 1000,
): ProgressDisplay {
  const times = timeTrials(secondsNow);
  let latest: SweepProgress | undefined;
  const show = stream.isTTY && process.env['TERM'] !== 'dumb' ? terminalBar(stream) : plainLines(stream);
  return {
    update(progress) {
      times.see(progress);
      if (latest !== undefined && progress.completed <= latest.completed) return;
      show.update(progress, latest?.completed, formatTimeLeft(times.left()));
      latest = progress;
    },
    stop: show.stop,
    summary: () =>
      latest === undefined
        ? 'no trial is done yet'
        : `${countOf(latest.completed, latest.budget)} done and stored`,
  };
}

/** More than the budget where an earlier command asked for more. */
function countOf(completed: number, budget: number): string {
  return completed > budget
    ? `${completed} trials, more than the ${budget} asked for, are`
    : `${completed} of ${budget} trials are`;
}

interface Display {
  readonly update: (progress: SweepProgress, shownBefore: number | undefined, left: string) => void;
  readonly stop: () => void;
}

const BAR_WIDTH = 20;

/** What stands on the line besides the bar and what is said of the best trial. */
const COUNTS_WIDTH = ' 2000/2000 trials  '.length;

function terminalBar(stream: NodeJS.WriteStream): Display {
  const bar = new SingleBar(
    {
      stream,
      format: '{bar} {value}/{total} trials  {best}',
      barsize: BAR_WIDTH,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  return {
    update(progress, shownBefore, left) {
      const best = fitting(
        withTimeLeft(describeBest(progress), left),
        stream.columns - BAR_WIDTH - COUNTS_WIDTH,
      );
      if (shownBefore === undefined)
        bar.start(Math.max(progress.budget, progress.completed), progress.completed, { best });
      else bar.update(progress.completed, { best });
    },
    stop: () => bar.stop(),
  };
}

/** The first of the texts, longest first, that has room: a number that is cut would be another number. */
function fitting(texts: readonly string[], room: number): string {
  return texts.find((text) => text.length <= room) ?? '';
}

function plainLines(stream: NodeJS.WriteStream): Display {
  return {
    update(progress, shownBefore, left) {
      const { completed, budget } = progress;
      if (shownBefore === undefined && completed > 0)
        stream.write(`resuming: ${countOf(completed, budget)} stored\n`);
      else if (completed > 0) {
        const [text] = withTimeLeft(describeBest(progress), left);
        stream.write(`trial ${completed}/${budget}  ${text}\n`);
      }
    },
    stop: () => {},
  };
}

/** Each with the time left, then that alone, then each without it. */
function withTimeLeft(texts: readonly string[], left: string): readonly string[] {
  if (left === '') return texts;
  return [...texts.map((text) => (text === '' ? left : `${text}, ${left}`)), left, ...texts];
}

/** What is said of the best trial, or of the Pareto set, at full length and shorter. */
function describeBest({ definition, trials }: SweepProgress): readonly string[] {
  const [objective, ...others] = objectivesOf(definition);
  if (others.length > 0) return describePareto({ definition, trials });
  const best = bestSoFar(definition, trials);
  if (best === undefined) return [''];
  if (!best.feasible) return [`no feasible trial yet (nearest: trial ${best.number})`, 'none feasible yet'];
  const value = best.value.toPrecision(6);
  return [
    `best ${objective!.metric} ${value} (trial ${best.number})`,
    `best ${value} (trial ${best.number})`,
    `best ${value}`,
  ];
}

function describePareto({
  definition,
  trials,
}: Pick<SweepProgress, 'definition' | 'trials'>): readonly string[] {
  const set = paretoSoFar(definition, trials);
  if (set === undefined) return [''];
  if (set.size === 0) return ['no feasible trial yet', 'none feasible yet'];
  const count = `Pareto set of ${set.size}`;
  return [`${count}, hypervolume ${set.hypervolume.toPrecision(6)}`, count];
}
