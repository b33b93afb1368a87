import { requiredUnits } from './detectable-effect.ts';
import type { PlannedMetric, PlanRow, PlanSettings } from './experiment-plan.ts';

/** What the changes that matter take, with so many arms. */
export interface NeededUnits {
  readonly arms: number;
  /** Users in all, by metric of which a change is said to matter; left out where there are not so many numbers. */
  readonly units: Readonly<Record<string, number>>;
  /** Days until every one of them is shown; null where none is said to matter. */
  readonly days: number | null;
}

/** How many units, and days, show a change that matters with the power asked, for each plan. */
export function neededUnits(
  metrics: readonly PlannedMetric[],
  plans: readonly PlanRow[],
  { unitsPerDay, power }: Pick<PlanSettings, 'unitsPerDay' | 'power'>,
): readonly NeededUnits[] {
  return plans.map(({ arms, controlUnits, armUnits, critical }) => {
    const share = controlUnits / (controlUnits + arms * armUnits);
    const units = metrics.flatMap(({ name, mean, stddev, relevantEffect }): [string, number][] => {
      const effect = (relevantEffect ?? 0) * Math.abs(mean);
      if (effect === 0) return [];
      const count = requiredUnits({ stddev }, effect, arms, share, critical, power);
      return count < Infinity ? [[name, count]] : [];
    });
    const most = Math.max(...units.map(([, count]) => count));
    return {
      arms,
      units: Object.fromEntries(units),
      days: units.length === 0 ? null : most / unitsPerDay,
    };
  });
}
