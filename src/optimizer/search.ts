import type { Criterion, SearchContext } from '../../acquisition/optimize.ts';
import type { Generator } from '../domain/trial.ts';

/** What the next candidate is to maximise, under its name. */
export interface Search {
  readonly criterion: Criterion;
  readonly screen?: NonNullable<SearchContext['screen']>;
  readonly generator: Generator;
  /** Whether no trial is feasible, so that one is looked for. */
  readonly seeksFeasible: boolean;
  /** What a person should know of the state of the study, such as that nothing is feasible yet. */
  readonly remark?: string;
}
