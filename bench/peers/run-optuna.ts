import { slackOf } from '../../acquisition/feasibility.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Trial } from '../../src/domain/trial.ts';
import { type GuardrailBound, guardrailBounds } from '../../src/optimizer/guardrail-bounds.ts';
import { objectiveSign, firstObjective } from '../../src/optimizer/metric-roles.ts';
import { outsideCandidate } from '../races/outside-candidate.ts';
import type { Measure } from '../problems/problem.ts';
import { completed, exactly, measuredBaseline, running } from '../races/run-study.ts';
import { unitParameters } from '../races/unit-parameters.ts';
import type { OptunaProcess, Outcome } from './optuna.ts';

/**
 * The study with Optuna's candidates: the baseline is told beforehand, as our engine knows it.
 *
 * Optuna has no sum constraint, so a simplex is given to it by stick-breaking (`unitParameters`): one parameter fewer than
 * weights, no parameters without weights.
 */
export async function runOptuna(
  optuna: OptunaProcess,
  definition: StudyDefinition,
  measure: Measure,
  candidates: number,
): Promise<readonly Trial[]> {
  const { dimension, toWeights } = unitParameters(definition);
  const trials = [...measuredBaseline(definition, measure)];
  beginStudy(optuna, definition, trials);
  const bounds = guardrailBounds(definition, trials)!;
  for (let number = 1; number <= candidates; number++) {
    const { parameters } = await optuna.ask();
    if (parameters.length !== dimension) throw new RangeError(`${parameters.length} parameters`);
    const weights = toWeights(parameters);
    const metrics = measure(weights);
    optuna.tell(outcomeOf(definition, bounds, metrics));
    trials.push(completed(running(number, outsideCandidate(weights, 'Optuna')), exactly(metrics)));
  }
  return trials;
}

/** Begins Optuna's study with completed trials, the baseline first where there is one. */
export function beginStudy(
  optuna: OptunaProcess,
  definition: StudyDefinition,
  trials: readonly Trial[],
): void {
  const { dimension, fromWeights } = unitParameters(definition);
  const bounds = guardrailBounds(definition, trials)!;
  optuna.begin(dimension, definition.seed);
  for (const { weights, observations } of trials) {
    const metrics = Object.fromEntries(
      Object.entries(observations).map(([metric, { mean }]) => [metric, mean]),
    );
    optuna.add(fromWeights(weights!), outcomeOf(definition, bounds, metrics));
  }
}

/** Metrics in Optuna's terms: to be minimised, constraints as negative slacks. */
export function outcomeOf(
  definition: StudyDefinition,
  bounds: readonly GuardrailBound[],
  metrics: Readonly<Record<string, number>>,
): Outcome {
  return {
    value: -objectiveSign(definition) * metrics[firstObjective(definition).metric]!,
    constraints: bounds.map((bound) => -slackOf(bound, metrics[bound.metric]!)),
  };
}
