import type { AllocatedArm } from '../../domain/allocation.ts';
import type { Weights } from '../../domain/trial.ts';

/** What the ranker is told: the arm, for the log, and the weights; null where production's own stand. */
export interface ArmValue {
  readonly arm: string;
  readonly weights: Weights | null;
}

export function armValue({ name, weights }: AllocatedArm): ArmValue {
  return { arm: name, weights };
}
