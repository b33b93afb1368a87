import { DomainError } from '../../domain/errors.ts';

/**
 * How many units an arm had.
 *
 * Throws `readout_invalid` where none were counted.
 */
export function unitsOf(units: Readonly<Record<string, number>>, arm: string): number {
  const count = Object.hasOwn(units, arm) ? units[arm]! : 0;
  if (count > 0) return count;
  throw new DomainError('readout_invalid', `${arm} has no units: expected a count of them`);
}
