import type { ArmGenerator } from '../../domain/experiment.ts';
import type { Weights } from '../../domain/trial.ts';

/** Weights for an arm, who chose them and why. */
export interface ProposedWeights {
  readonly weights: Weights;
  readonly generator: ArmGenerator;
  readonly reason: string;
}

/** What was chosen, and what could not be done as it was asked. */
export interface Proposal {
  readonly arms: readonly ProposedWeights[];
  readonly notes: readonly string[];
}
