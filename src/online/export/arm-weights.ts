import type { Allocation } from '../../domain/allocation.ts';
import { DomainError } from '../../domain/errors.ts';
import { integerWeights } from './integer-weights.ts';

/**
 * The arms' whole weights in a format that splits traffic into `total` parts.
 *
 * Throws `experiment_invalid` where an arm would get none of them.
 */
export function armWeights({ arms }: Allocation, total: number): readonly number[] {
  const weights = integerWeights(
    arms.map(({ share }) => share),
    total,
  );
  const without = weights.indexOf(0);
  if (without < 0) return weights;
  const sum = arms.reduce((partial, { share }) => partial + share, 0);
  const { name, share } = arms[without]!;
  throw new DomainError(
    'experiment_invalid',
    `arm "${name}" has ${((100 * share) / sum).toPrecision(2)} % of the traffic: expected at least ${100 / total} % in this format`,
    { pointer: `/arms/${without}/share` },
  );
}
