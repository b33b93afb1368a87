import type { Provenance, Weights } from '../domain/trial.ts';

/** Weights to try, and how they came about. */
export interface Candidate {
  readonly weights: Weights;
  readonly provenance: Provenance;
}
