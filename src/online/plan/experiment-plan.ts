import { type Correction, criticalValue } from './critical-value.ts';
import { type BaselineMetric, detectableEffect, type DetectableEffect } from './detectable-effect.ts';
import { sharpestControlShare, splitTraffic, type TrafficSplit } from './traffic-split.ts';

export interface PlannedMetric extends BaselineMetric {
  readonly name: string;
  /** The smallest relative effect that matters; null where none is named. */
  readonly relevantEffect: number | null;
}

export interface PlanSettings {
  readonly unitsPerDay: number;
  readonly days: number;
  /** `equal` groups, the `sharpest` share of the control, or a share of one's own. */
  readonly control: 'equal' | 'sharpest' | number;
  readonly correction: Correction;
  readonly alpha: number;
  readonly power: number;
}

/** An experiment of so many arms: what each arm can show by itself. */
export interface PlanRow extends TrafficSplit {
  readonly critical: number;
  readonly metrics: readonly (DetectableEffect & {
    readonly name: string;
    readonly relevant: boolean | null;
  })[];
}

/**
 * The plans for 1 to `mostArms` arms beside the baseline on the same traffic.
 *
 * `relevant` says whether an effect that matters would be shown, with the power, by each arm; null where none is named.
 *
 * Throws RangeError on what `splitTraffic`, `criticalValue` and `detectableEffect` refuse.
 */
export function experimentPlan(
  metrics: readonly PlannedMetric[],
  settings: PlanSettings,
  mostArms: number,
): readonly PlanRow[] {
  return Array.from({ length: mostArms }, (_, i) => planRow(metrics, settings, i + 1));
}

/** The most arms with which every metric still shows an effect that matters; 0 where not even one does. */
export function armsThatFit(plan: readonly PlanRow[]): number {
  const fitting = plan.filter(({ metrics }) => metrics.every(({ relevant }) => relevant !== false));
  return Math.max(0, ...fitting.map(({ arms }) => arms));
}

function planRow(
  metrics: readonly PlannedMetric[],
  { unitsPerDay, days, control, correction, alpha, power }: PlanSettings,
  arms: number,
): PlanRow {
  const share =
    control === 'equal' ? undefined : control === 'sharpest' ? sharpestControlShare(arms) : control;
  const split = splitTraffic(unitsPerDay * days, arms, share);
  const unitsOfArms = Array.from({ length: arms }, () => split.armUnits);
  const critical = criticalValue(correction, alpha, split.controlUnits, unitsOfArms);
  return {
    ...split,
    critical,
    metrics: metrics.map((metric) => {
      const effect = detectableEffect(metric, split, critical, power);
      const { name, relevantEffect } = metric;
      const isRelevant = (matters: number): boolean => effect.relative !== null && effect.relative <= matters;
      return { name, ...effect, relevant: relevantEffect === null ? null : isRelevant(relevantEffect) };
    }),
  };
}
