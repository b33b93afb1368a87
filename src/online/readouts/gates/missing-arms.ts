import type { Readout } from '../../../domain/readout.ts';
import type { Finding, PlannedArms } from './finding.ts';

/**
 * Arms that were planned and not read out, or read out and not planned, in the counts and in each metric.
 *
 * The control of a metric in lifts may be left out, as its lift is 0.
 */
export function missingArmsFindings(
  { units, metrics }: Readout,
  { control, shares }: PlannedArms,
): readonly Finding[] {
  const planned = Object.keys(shares);
  const compare = (arms: Readonly<Record<string, unknown>>, metric: string | null): readonly Finding[] => {
    const inLifts = Object.values(arms).some(
      (value) => typeof value === 'object' && value !== null && 'lift' in value,
    );
    const place = metric === null ? 'units' : 'readout';
    const missing = planned.filter((arm) => !Object.hasOwn(arms, arm) && !(inLifts && arm === control));
    const unknown = Object.keys(arms).filter((arm) => !Object.hasOwn(shares, arm));
    return [
      ...missing.map((arm) => finding(metric, arm, `has no ${place}: expected all of ${planned.join(', ')}`)),
      ...unknown.map((arm) =>
        finding(metric, arm, `is no arm of the experiment: expected one of ${planned.join(', ')}`),
      ),
    ];
  };
  return [
    ...compare(units, null),
    ...Object.entries(metrics).flatMap(([metric, { arms }]) => compare(arms, metric)),
  ];
}

function finding(metric: string | null, arm: string, message: string): Finding {
  return { gate: 'missing_arms', severity: 'refuse', metric, arm, message };
}
