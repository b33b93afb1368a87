import { DomainError, type ErrorPlace } from '../domain/errors.ts';

/** Which metrics to read of which columns, by metric; left out, all metrics, each of the column of its name. */
interface ColumnsAsked {
  readonly metrics?: readonly string[];
  readonly columns: Readonly<Record<string, string>>;
  readonly covariates: Readonly<Record<string, string>>;
}

/** What the study says of its metrics; here only their names count. */
type Metrics = Readonly<Record<string, unknown>>;

/** Throws `experiment_invalid` for a metric that the study does not have. */
export function checkMetricsAsked({ metrics = [], columns, covariates }: ColumnsAsked, kinds: Metrics): void {
  for (const metric of [...metrics, ...Object.keys(columns), ...Object.keys(covariates)]) {
    if (Object.hasOwn(kinds, metric)) continue;
    throw new DomainError(
      'experiment_invalid',
      `the study has no online metric "${metric}": expected one of ${Object.keys(kinds).join(', ')}`,
    );
  }
}

/**
 * Covariates are of the time before the experiment, and of metrics that are read.
 *
 * Throws `readout_invalid` for a covariate that is the column of a metric, which CUPED would take the effect out with, and for one of a
 * metric that is not among `metrics`.
 */
export function checkCovariatesAsked(
  { metrics, columns, covariates }: ColumnsAsked,
  kinds: Metrics,
  place: ErrorPlace,
): void {
  for (const [metric, column] of Object.entries(covariates)) {
    if (metrics !== undefined && !metrics.includes(metric)) {
      throw new DomainError(
        'readout_invalid',
        `the covariate ${metric}=${column} is of a metric that is not read: expected one of ${metrics.join(', ')}`,
        place,
      );
    }
    const measured = Object.keys(kinds).find((name) => (columns[name] ?? name) === column);
    if (measured === undefined) continue;
    const whose = measured === metric ? 'the metric itself' : `the metric ${measured}, of the experiment`;
    throw new DomainError(
      'readout_invalid',
      `the covariate ${metric}=${column} is the column of ${whose}: expected a column of the time before the experiment`,
      place,
    );
  }
}

/** Throws `readout_invalid` for options that a file of this form has no use for. */
export function checkFormAsked(
  {
    path,
    adjusted,
    covariates,
  }: Pick<ColumnsAsked, 'covariates'> & { readonly path: string; readonly adjusted: boolean },
  form: 'users' | 'arms' | 'json',
): void {
  const [metric, column] = Object.entries(covariates)[0] ?? [];
  if (form !== 'users' && metric !== undefined) {
    throw new DomainError(
      'readout_invalid',
      `the covariate ${metric}=${column} is for rows of users: expected none with ${form === 'json' ? 'JSON' : 'rows of arms'}`,
      { file: path },
    );
  }
  if (form !== 'arms' && adjusted) {
    throw new DomainError(
      'readout_invalid',
      `adjusted is for rows of arms: expected it not to be said of ${form === 'json' ? 'JSON, which says it itself' : 'rows of users, which a covariate adjusts'}`,
      { file: path },
    );
  }
}
