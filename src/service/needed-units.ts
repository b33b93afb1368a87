import { requiredUnits } from '../online/plan/detectable-effect.ts';
import type { ExperimentPlan, PlanRequest } from './plan-experiment.ts';

/** What the changes that matter take, with so many arms. */
export interface NeededUnits {
  readonly arms: number;
  /** Users in all, by metric of which a change is said to matter. */
  readonly units: Readonly<Record<string, number>>;
  /** Days until every one of them is shown; null where none is said to matter. */
  readonly days: number | null;
}

/** How many units, and days, show a change that matters with the power asked, for each plan. */
export function neededUnits(
  { metrics, plans }: Pick<ExperimentPlan, 'metrics' | 'plans'>,
  { unitsPerDay, power }: Pick<PlanRequest, 'unitsPerDay' | 'power'>,
): readonly NeededUnits[] {
  return plans.map(({ arms, controlUnits, armUnits, critical }) => {
    const share = controlUnits / (controlUnits + arms * armUnits);
    const units = metrics.flatMap(({ name, mean, stddev, relevantEffect }): [string, number][] =>
      relevantEffect === null || mean === 0
        ? []
        : [[name, requiredUnits({ stddev }, relevantEffect * Math.abs(mean), arms, share, critical, power)]],
    );
    const most = Math.max(...units.map(([, count]) => count));
    return {
      arms,
      units: Object.fromEntries(units),
      days: units.length === 0 ? null : most / unitsPerDay,
    };
  });
}
