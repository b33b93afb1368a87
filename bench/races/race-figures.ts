import { type ExactRace, gapCurves } from './exact-race.ts';
import { figureName, gapFigures } from './gap-summary.ts';
import { fourWeights } from '../problems/four-weights.ts';
import type { Figures } from '../run-bench.ts';
import { trialsAboveAx } from './trials-above-ax.ts';

/**
 * The gap figures of our engine, `NAME_…`, and of Optuna where it ran, `optuna_NAME_…`; of the four weights also
 * `four_weights_trials_above_ax`.
 */
export function raceFigures(race: ExactRace, trials: number): Figures {
  const name = figureName(race.problem.name);
  const ours = gapCurves(race, 'pondera');
  const above = race.problem === fourWeights ? trialsAboveAx(ours) : undefined;
  return {
    ...gapFigures(name, ours, trials),
    ...(race.bests.has('Optuna') ? gapFigures(`optuna_${name}`, gapCurves(race, 'Optuna'), trials) : {}),
    ...(above === undefined ? {} : { [`${name}_trials_above_ax`]: above }),
  };
}
