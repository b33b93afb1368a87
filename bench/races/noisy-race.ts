import type { NamedTrial } from './noisy-study.ts';
import type { Problem } from '../problems/problem.ts';

export type NoisyMethod = 'pondera' | 'Sobol';

/** What a study names as best on a problem with noise, after each batch of each run of a method. */
export interface NoisyRace {
  readonly problem: Problem;
  readonly method: NoisyMethod;
  readonly batch: number;
  readonly runs: (readonly (NamedTrial | undefined)[])[];
}
