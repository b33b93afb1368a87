import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Weights } from '../../src/domain/trial.ts';

/** What a trial measures, exactly. */
export type Measure = (weights: Weights) => Readonly<Record<string, number>>;

/** A black-box problem: the engine sees the study, and of the functions only what trials measure. */
export interface Problem {
  readonly name: string;
  readonly study: (seed: number) => StudyDefinition;
  readonly measure: Measure;
  /** Undefined where nobody knows it. */
  readonly optimum: Optimum | undefined;
}

export interface Optimum {
  /** The objective there, in its own direction. */
  readonly value: number;
  readonly weights: Weights;
}
