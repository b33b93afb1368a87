/** A Monte Carlo mean and its standard error. */
export interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}
