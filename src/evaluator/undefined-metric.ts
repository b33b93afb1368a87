import { DomainError } from '../domain/errors.ts';
import type { LogMetric } from '../domain/metric.ts';

/** What a metric is not defined on. */
export interface LabelledRows {
  readonly positives: number;
  readonly rowsWithLabel: number;
  readonly weighted: boolean;
}

/** A metric that a log leaves undefined; `requires` says what is lacking. */
export function undefinedMetricError(
  { name, head, segment }: LogMetric,
  requires: string,
  { positives, rowsWithLabel, weighted }: LabelledRows,
): DomainError {
  const where = segment === undefined ? '' : ` in segment ${segment}`;
  return new DomainError(
    'log_invalid',
    `metric ${name} is undefined on this log: head ${head} has ${positives} positive and ` +
      `${rowsWithLabel - positives} negative labels${where}: expected ${requires}${weighted ? ', with a weight above 0' : ''}`,
  );
}
