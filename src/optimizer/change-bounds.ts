import { observationOf } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Bounds, type Trial } from '../domain/trial.ts';
import { boundsOf } from './slack-within-bounds.ts';

/** Where the changes of a metric to the baseline surely lie. */
export interface ChangeBounds {
  readonly changeBounds?: Bounds;
  /** Left out where the baseline's value may be 0. */
  readonly relativeChangeBounds?: Bounds;
}

/** The changes of a trial's metric, of a log in the histogram form; of another, and where there is no baseline, nothing. */
export function changesWithinBounds(
  definition: StudyDefinition,
  trials: readonly Trial[],
  metric: string,
  { number, observations }: Pick<Trial, 'number' | 'observations'>,
): ChangeBounds {
  const here = observationOf(definition, observations, metric)!;
  const measured = trials.find((trial) => trial.number === BASELINE_TRIAL)?.observations ?? {};
  const baseline = observationOf(definition, measured, metric);
  if (here.bounds === undefined || baseline === undefined) return {};
  if (number === BASELINE_TRIAL) {
    const none = { lower: 0, upper: 0 };
    return { changeBounds: none, relativeChangeBounds: none };
  }
  const b = boundsOf(baseline);
  const changeBounds = { lower: here.bounds.lower - b.upper, upper: here.bounds.upper - b.lower };
  if (b.lower <= 0 && b.upper >= 0) return { changeBounds };
  // (m − b)/|b| is monotone in m, and in b too where b keeps its sign: its extremes are at corners.
  const corners = [here.bounds.lower, here.bounds.upper].flatMap((m) =>
    [b.lower, b.upper].map((from) => (m - from) / Math.abs(from)),
  );
  return {
    changeBounds,
    relativeChangeBounds: { lower: Math.min(...corners), upper: Math.max(...corners) },
  };
}
