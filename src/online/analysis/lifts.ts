import { DomainError } from '../../domain/errors.ts';
import type { ArmMean } from '../readouts/arm-means.ts';

/** Beyond a coefficient of variation of a tenth, the delta method's normal ratio is no longer one (Cochran 1977, §6.4). */
export const LARGEST_VARIATION = 0.1;

/** What each arm does against the control, with the covariance that the shared control leaves between them. */
export interface Lifts {
  /** Without the control. */
  readonly arms: readonly string[];
  readonly estimates: Float64Array;
  /** K×K row-major. */
  readonly covariance: Float64Array;
}

/**
 * Relative lifts of all arms by the delta method.
 *
 * r_i = (t_i − c)/|c|, Cov(r_i, r_j) = t_i t_j Var(c)/c⁴ + [i = j] Var(t_i)/c²
 *
 * Arms and control are independent. Throws `readout_invalid` where the control has no mean or one that is not ten standard
 * errors from 0, of which no ratio is normal: `differences` hold there.
 * Source: Deng, Knoblich & Lu 2018, KDD (arXiv:1803.06336).
 */
export function relativeLifts(means: readonly ArmMean[], control: string): Lifts {
  const { mean: c, variance } = controlOf(means, control);
  if (c === 0 || !(variance <= (LARGEST_VARIATION * c) ** 2)) {
    throw new DomainError(
      'readout_invalid',
      `${control} has a mean of ${c} ± ${Math.sqrt(variance)}: expected one at least ten standard errors from 0, or differences instead of relative lifts`,
    );
  }
  const arms = means.filter(({ arm }) => arm !== control);
  const shared = variance / c ** 4;
  return {
    arms: arms.map(({ arm }) => arm),
    estimates: Float64Array.from(arms, ({ mean }) => (mean - c) / Math.abs(c)),
    covariance: matrix(arms.length, (i, j) => {
      const own = i === j ? arms[i]!.variance / c ** 2 : 0;
      return arms[i]!.mean * arms[j]!.mean * shared + own;
    }),
  };
}

/**
 * Differences of all arms, in the metric's units.
 *
 * d_i = t_i − c, Cov(d_i, d_j) = Var(c) + [i = j] Var(t_i)
 *
 * Throws `readout_invalid` where the control has no mean.
 */
export function differences(means: readonly ArmMean[], control: string): Lifts {
  const { mean: c, variance } = controlOf(means, control);
  const arms = means.filter(({ arm }) => arm !== control);
  return {
    arms: arms.map(({ arm }) => arm),
    estimates: Float64Array.from(arms, ({ mean }) => mean - c),
    covariance: matrix(arms.length, (i, j) => variance + (i === j ? arms[i]!.variance : 0)),
  };
}

/** √ of the diagonal of the covariance. */
export function standardErrors({ arms, covariance }: Lifts): Float64Array {
  return Float64Array.from(arms, (_, i) => Math.sqrt(covariance[i * arms.length + i]!));
}

/** K×K row-major, symmetric. */
export function matrix(size: number, entry: (i: number, j: number) => number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, at) => entry(Math.floor(at / size), at % size));
}

function controlOf(means: readonly ArmMean[], control: string): ArmMean {
  const found = means.find(({ arm }) => arm === control);
  if (found !== undefined) return found;
  throw new DomainError(
    'readout_invalid',
    `has no mean of ${control}: expected the control's beside the arms'`,
  );
}
