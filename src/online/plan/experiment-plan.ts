import type { JointPosterior } from '../../../gp/posterior.ts';
import { randomStream } from '../../../math/random.ts';
import { type Correction, criticalValue } from './critical-value.ts';
import { type BaselineMetric, detectableEffect, type DetectableEffect } from './detectable-effect.ts';
import { type Estimate, expectedGainOfExperiment } from './expected-gain.ts';
import { sharpestControlShare, splitTraffic, type TrafficSplit } from './traffic-split.ts';

/** A standard error of about 1 % of the gain. */
const DRAWS = 4096;

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

/** What a model believes of the objective, in the units of `metric`, and the metric it is. */
export interface PlannedGain {
  readonly metric: string;
  /** Of the objective as "more is better", at the baseline and at the arms in the order in which they would be added. */
  readonly posterior: JointPosterior;
  readonly seed: number;
}

/** An experiment of so many arms: what each arm can show by itself, and what the model gains from all. */
export interface PlanRow extends TrafficSplit {
  readonly critical: number;
  readonly metrics: readonly (DetectableEffect & {
    readonly name: string;
    readonly relevant: boolean | null;
  })[];
  readonly gain: Estimate | null;
}

/**
 * The plans for 1 to `mostArms` arms beside the baseline on the same traffic.
 *
 * `relevant` says whether an effect that matters would be shown, with the power, by each arm; null where none is named. `gain`
 * stands where a model is given, for as many arms as it has points.
 *
 * Throws RangeError on what `splitTraffic`, `criticalValue` and `detectableEffect` refuse.
 */
export function experimentPlan(
  metrics: readonly PlannedMetric[],
  settings: PlanSettings,
  mostArms: number,
  gain: PlannedGain | null = null,
): readonly PlanRow[] {
  return Array.from({ length: mostArms }, (_, i) => planRow(metrics, settings, i + 1, gain));
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
  gain: PlannedGain | null,
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
    gain: gain === null ? null : gainOf(metrics, split, gain),
  };
}

function gainOf(
  metrics: readonly PlannedMetric[],
  { arms, controlUnits, armUnits }: TrafficSplit,
  { metric, posterior, seed }: PlannedGain,
): Estimate | null {
  const planned = metrics.find(({ name }) => name === metric);
  if (planned === undefined) throw new RangeError(`metric ${metric} is not planned`);
  const points = arms + 1;
  const all = posterior.mean.length;
  if (points > all) return null;
  const variance = planned.stddev ** 2;
  const noise = Float64Array.from(
    { length: points },
    (_, i) => variance / (i === 0 ? controlUnits : armUnits),
  );
  const covariance = Float64Array.from(
    { length: points * points },
    (_, at) => posterior.covariance[Math.floor(at / points) * all + (at % points)]!,
  );
  const first = { mean: posterior.mean.slice(0, points), covariance };
  return expectedGainOfExperiment(first, noise, DRAWS, randomStream(seed, 'gain of an experiment', arms));
}
