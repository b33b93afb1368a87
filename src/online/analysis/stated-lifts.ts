import { DomainError } from '../../domain/errors.ts';
import type { MetricReadout } from '../../domain/readout.ts';
import type { ArmMean } from '../readouts/arm-means.ts';
import { unitsOf } from '../readouts/units-of.ts';
import { type Lifts, matrix } from './lifts.ts';

/**
 * Lifts that were read out as such, with the covariance that their shared control must have left.
 *
 * Var(r_i) = sem_i², Cov(r_i, r_j) = (1 + r_i)(1 + r_j)κ, κ = Var(c)/c²
 *
 * κ is the square of the control's own sem where that is told. Else it is the mean over arms of what the sizes of the groups say
 * where the metric spreads alike in all of them: κ_i = sem_i²·(1/n_0)/(1/n_i + (1 + r_i)²/n_0).
 *
 * `units` of each arm and the control. Throws `readout_invalid` where a measurement is no lift, units are missing, or the
 * control's share leaves an arm no variance of its own.
 */
export function statedLifts(
  { arms }: MetricReadout,
  units: Readonly<Record<string, number>>,
  control: string,
): Lifts {
  const names = Object.keys(arms).filter((arm) => arm !== control);
  const stated = names.map((arm) => statedOf(arms, arm));
  const own = Object.hasOwn(arms, control) ? statedOf(arms, control).sem ** 2 : undefined;
  const shared = own ?? sharedVariance(names, stated, units, control);
  const tooSmall = stated.findIndex(({ lift, sem }) => sem ** 2 < (1 + lift) ** 2 * shared);
  if (tooSmall >= 0) {
    throw new DomainError(
      'readout_invalid',
      `${names[tooSmall]} has a lift with a sem of ${stated[tooSmall]!.sem}: expected more than its control's part, ${(1 + stated[tooSmall]!.lift) * Math.sqrt(shared)}`,
    );
  }
  return {
    arms: names,
    estimates: Float64Array.from(stated, ({ lift }) => lift),
    covariance: matrix(names.length, (i, j) =>
      i === j ? stated[i]!.sem ** 2 : (1 + stated[i]!.lift) * (1 + stated[j]!.lift) * shared,
    ),
  };
}

/**
 * The same as means relative to the control's, which is 1: what models of several rounds take.
 *
 * m_0 = 1, Var(m_0) = κ; m_i = 1 + r_i, Var(m_i) = sem_i² − (1 + r_i)²κ
 *
 * Throws as `statedLifts`.
 */
export function relativeMeans(
  readout: MetricReadout,
  units: Readonly<Record<string, number>>,
  control: string,
): readonly ArmMean[] {
  const { arms, estimates, covariance } = statedLifts(readout, units, control);
  const stated = arms.map((arm) => statedOf(readout.arms, arm));
  const own = Object.hasOwn(readout.arms, control) ? statedOf(readout.arms, control).sem ** 2 : undefined;
  const shared = own ?? sharedVariance(arms, stated, units, control);
  return [
    { arm: control, mean: 1, variance: shared, n: units[control] ?? null },
    ...arms.map((arm, i) => ({
      arm,
      mean: 1 + estimates[i]!,
      variance: covariance[i * arms.length + i]! - (1 + estimates[i]!) ** 2 * shared,
      n: stated[i]!.n ?? units[arm] ?? null,
    })),
  ];
}

interface Stated {
  readonly lift: number;
  readonly sem: number;
  readonly n?: number | undefined;
}

function sharedVariance(
  names: readonly string[],
  stated: readonly Stated[],
  units: Readonly<Record<string, number>>,
  control: string,
): number {
  const ofControl = 1 / unitsOf(units, control);
  const parts = stated.map(({ lift, sem, n }, i) => {
    const ofArm = 1 / (n ?? unitsOf(units, names[i]!));
    return (sem ** 2 * ofControl) / (ofArm + (1 + lift) ** 2 * ofControl);
  });
  return parts.reduce((sum, part) => sum + part, 0) / parts.length;
}

function statedOf(arms: MetricReadout['arms'], arm: string): Stated {
  const measurement = arms[arm]!;
  if ('lift' in measurement) return measurement;
  throw new DomainError('readout_invalid', `${arm} has no lift: expected {lift, sem}`);
}
