import { inputError } from '../domain/errors.ts';
import type { Readout } from '../domain/readout.ts';
import { areOfNumbers, correlationMatrix } from '../online/readouts/metric-correlation.ts';

/** Throws `readout_invalid` where no numbers have the correlations of a readout together. */
export function checkCorrelations({
  metrics,
  correlations = [],
}: Pick<Readout, 'metrics' | 'correlations'>): void {
  const names = Object.keys(metrics);
  if (areOfNumbers(correlationMatrix(correlations, names), names.length)) return;
  const detail =
    'are correlations that no numbers have together: expected those of one table of users, where a pair left out has 0';
  throw inputError('readout_invalid', [{ pointer: '/correlations', detail }]);
}
