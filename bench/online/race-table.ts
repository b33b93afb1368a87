import { median } from '../../math/statistics.ts';
import { rounded } from '../rounded.ts';
import type { Figures } from '../run-bench.ts';
import { type Interval, meanInterval, medianInterval, shareInterval } from './intervals.ts';
import { type Outcome, type RaceAnswer, STRATEGIES, type StrategyName } from './race.ts';
import { HEADS } from './world/heads.ts';
import type { Kind } from './world/kinds.ts';

const NAMES = Object.keys(STRATEGIES) as readonly StrategyName[];

/** A share of the worlds with its 95 % interval, per cent. */
interface Share {
  readonly share: number;
  readonly interval: Interval;
}

export interface StrategySummary {
  /** Of regret, in points of the objective's lift. */
  readonly median: number;
  readonly medianInterval: Interval;
  readonly violations: Share;
  /** Better than the hand-picked weights, no guardrail violated. */
  readonly beats: Share;
  /** Mean of this strategy's regret − that of `ours`, paired by world. */
  readonly worseThanOurs: { readonly mean: number; readonly interval: Interval };
}

const spread = ([low, high]: Interval): string => `(${low.toFixed(1)}, ${high.toFixed(1)})`;
const points = (share: number): number => 100 * share;

export function summarize(races: readonly RaceAnswer[], name: StrategyName): StrategySummary {
  const outcomes = races.map((race) => race.outcomes[name]);
  const regrets = outcomes.map(({ regret }) => points(regret));
  const share = (holds: (outcome: Outcome) => boolean): Share => {
    const count = outcomes.filter(holds).length;
    const [low, high] = shareInterval(count, outcomes.length);
    return { share: points(count / outcomes.length), interval: [points(low), points(high)] };
  };
  return {
    median: median(regrets),
    medianInterval: medianInterval(regrets),
    violations: share(({ violates }) => violates),
    beats: share(({ lift, violates }) => lift > 0 && !violates),
    worseThanOurs: meanInterval(
      races.map(({ outcomes }) => points(outcomes[name].regret - outcomes.ours.regret)),
    ),
  };
}

/** A table of a kind, for a reader. */
export function raceLines(kind: Kind, races: readonly RaceAnswer[]): readonly string[] {
  const rows = NAMES.map((name) => {
    const { median, medianInterval, violations, beats, worseThanOurs } = summarize(races, name);
    return [
      `  ${name}`,
      `${median.toFixed(2)} (${medianInterval[0].toFixed(2)}, ${medianInterval[1].toFixed(2)})`,
      `${violations.share.toFixed(1)} % ${spread(violations.interval)}`,
      `${beats.share.toFixed(1)} % ${spread(beats.interval)}`,
      `${worseThanOurs.mean.toFixed(2)} (${worseThanOurs.interval[0].toFixed(2)}, ${worseThanOurs.interval[1].toFixed(2)})`,
    ];
  });
  const head = [kind, 'median regret, points', 'violates', 'beats handpicked', 'mean regret − ours'];
  const widths = head.map((title, c) => Math.max(title.length, ...rows.map((row) => row[c]!.length)));
  const used = HEADS.map((head, t) => {
    const count = races.filter(({ outcomes }) => outcomes.ours.logUsed?.[t] === true).length;
    return `${head} ${((100 * count) / races.length).toFixed(0)} %`;
  });
  return [
    ...[head, ...rows].map((row) =>
      row
        .map((cell, c) => cell.padEnd(widths[c]!))
        .join('  ')
        .trimEnd(),
    ),
    `  ours ends up using the log of: ${used.join(', ')}`,
  ];
}

/** Figures of a kind: `KIND_STRATEGY_regret_median`, `_violations`, `_beats_handpicked`, in points and per cent, with ends of intervals. */
export function raceFigures(kind: Kind, races: readonly RaceAnswer[]): Figures {
  const entries = NAMES.flatMap((name) => {
    const { median, medianInterval, violations, beats, worseThanOurs } = summarize(races, name);
    const stem = `${kind}_${name}`;
    const withEnds = (figure: string, value: number, [low, high]: Interval): [string, number][] => [
      [`${stem}_${figure}`, rounded(value)],
      [`${stem}_${figure}_low`, rounded(low)],
      [`${stem}_${figure}_high`, rounded(high)],
    ];
    return [
      ...withEnds('regret_median', median, medianInterval),
      ...withEnds('violations', violations.share, violations.interval),
      ...withEnds('beats_handpicked', beats.share, beats.interval),
      ...(name === 'ours' ? [] : withEnds('regret_above_ours', worseThanOurs.mean, worseThanOurs.interval)),
    ];
  });
  // The interval of one world's mean has no ends.
  return Object.fromEntries(entries.filter(([, value]) => Number.isFinite(value)));
}
