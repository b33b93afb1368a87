import type { Weights } from '../../src/domain/trial.ts';
import type { Candidate } from '../../src/optimizer/candidate.ts';

/** Weights that another method chose, as a candidate of the study. */
export function outsideCandidate(weights: Weights, reason: string): Candidate {
  return {
    weights,
    provenance: {
      generator: 'space_filling',
      reason,
      acquisitionValue: null,
      feasibility: [],
      predictions: {},
      nearestTrialDistance: null,
      hyperparameters: {},
    },
  };
}
