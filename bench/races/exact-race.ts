import { objectiveSign } from '../../src/optimizer/metric-roles.ts';
import { type BestFeasible, gapOf } from './best-feasible.ts';
import type { GapCurve } from './gap-summary.ts';
import type { Problem } from '../problems/problem.ts';

export type Method = 'pondera' | 'Sobol' | 'Optuna';

/** What methods made of a problem without noise, one run a seed. */
export interface ExactRace {
  readonly problem: Problem;
  readonly bests: ReadonlyMap<Method, BestFeasible[]>;
}

/** What gaps are measured from: the optimum, or where nobody knows it the best value of the race; undefined without any. */
export function referenceOf({ problem, bests }: ExactRace): number | undefined {
  if (problem.optimum !== undefined) return problem.optimum.value;
  const sign = objectiveSign(problem.study(0));
  const found = [...bests.values()].flat(2).filter((value) => value !== undefined);
  return found.length === 0 ? undefined : sign * Math.max(...found.map((value) => sign * value));
}

/** The gaps of a method's runs. */
export function gapCurves(race: ExactRace, method: Method): readonly GapCurve[] {
  const reference = referenceOf(race);
  const definition = race.problem.study(0);
  return (race.bests.get(method) ?? []).map((best) =>
    best.map((value) =>
      value === undefined || reference === undefined ? undefined : gapOf(definition, reference, value),
    ),
  );
}
