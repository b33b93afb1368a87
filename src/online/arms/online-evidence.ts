import type { MetricCorrelation } from '../../domain/readout.ts';
import type { Weights } from '../../domain/trial.ts';

/** One arm of a round as one metric saw it. */
export interface ReadArm {
  readonly arm: string;
  readonly mean: number;
  readonly variance: number;
}

/** A round that was read out: the weights of its arms, the baseline first, and what each metric was. */
export interface ReadRound {
  readonly experiment: number;
  readonly arms: readonly { readonly name: string; readonly weights: Weights }[];
  readonly metrics: Readonly<Record<string, readonly ReadArm[]>>;
  /** Of two metrics of one user within an arm, where the readout tells. */
  readonly correlations: readonly MetricCorrelation[];
}

/** What the log, or whoever completes the trials, measured at some weights; by the study's own metrics. */
export interface LoggedWeights {
  readonly weights: Weights;
  readonly metrics: Readonly<Record<string, number>>;
}

/** All that is known when arms are chosen or judged; plain data, which crosses to a worker. */
export interface OnlineEvidence {
  readonly rounds: readonly ReadRound[];
  readonly logged: readonly LoggedWeights[];
  /** How far a unit of each weight moves the utility: the spread of its head's probabilities in the log; null where nothing tells. */
  readonly spreads: Readonly<Record<string, number>> | null;
}
