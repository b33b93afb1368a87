import { DomainError } from '../../domain/errors.ts';

/** A log in which no row is left. */
export function noRowsError(droppedRows: number, file: string): DomainError {
  const found =
    droppedRows === 0 ? 'has columns but no rows' : `has a null score in every row (${droppedRows} dropped)`;
  return new DomainError('log_invalid', `${found}: expected impressions`, { file });
}

/** A log of which no row weighs anything. */
export function noWeightError(column: string, file: string): DomainError {
  return new DomainError(
    'log_invalid',
    `column "${column}" (weight) is 0 in every row: expected a weight above 0`,
    { file },
  );
}
