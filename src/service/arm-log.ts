import type { Weights } from '../domain/trial.ts';

/** Opens the log of a study; says in words why there is none. */
export type OpenArmLog = () => Promise<ArmLog | string>;

/** A log at hand when arms are chosen: measures weights, and says how alike they rank. */
export interface ArmLog {
  /** The standard deviation of each head's probability: how far a unit of its weight moves the utility. */
  readonly spreads: Readonly<Record<string, number>>;
  /** The study's metrics at each of the weights. */
  readonly measure: (points: readonly Weights[]) => Promise<readonly Readonly<Record<string, number>>[]>;
  /** Kendall's τ on the first `cutoff` rows of requests, K×K row-major and symmetric; NaN where nothing is known. */
  readonly agreements: (points: readonly Weights[], cutoff: number) => Promise<Float64Array>;
}
