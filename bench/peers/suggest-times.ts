import { randomStream } from '../../math/random.ts';
import type { Trial } from '../../src/domain/trial.ts';
import { guardrailBounds } from '../../src/optimizer/guardrail-bounds.ts';
import { median } from '../median.ts';
import { outsideCandidate } from '../races/outside-candidate.ts';
import type { Problem } from '../problems/problem.ts';
import { completed, exactly, measuredBaseline, nextCandidate, running } from '../races/run-study.ts';
import { unitParameters } from '../races/unit-parameters.ts';
import type { OptunaProcess } from './optuna.ts';
import { beginStudy, outcomeOf } from './run-optuna.ts';

/** Median milliseconds for one suggestion, from observations to weights: the fit of every metric, then the search. */
export interface SuggestTimes {
  readonly ours: number;
  readonly optuna: number;
}

/** The first suggestion of each, which compiles and loads, is not counted. */
const WARM_UP = 1;

/**
 * Times suggestions after `observations` uniform random trials, the same for both; each engine's suggestion is measured
 * and added to its own trials before its next. They take turns, so that what else the machine does slows both.
 */
export async function suggestTimes(
  optuna: OptunaProcess,
  { study, measure }: Problem,
  observations: number,
  suggestions: number,
): Promise<SuggestTimes> {
  const definition = study(0);
  const { dimension, toWeights } = unitParameters(definition);
  const random = randomStream(0, 'bench', 'suggest-times', observations);
  const baseline = measuredBaseline(definition, measure);
  const known = Array.from({ length: observations - baseline.length }, (_, i): Trial => {
    const weights = toWeights(Array.from({ length: dimension }, () => random.uniform()));
    return completed(running(i + 1, outsideCandidate(weights, 'uniform')), exactly(measure(weights)));
  });
  const start = [...baseline, ...known];
  const bounds = guardrailBounds(definition, start)!;
  beginStudy(optuna, definition, start);
  const trials = [...start];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let i = 1; i <= WARM_UP + suggestions; i++) {
    const begun = performance.now();
    const candidate = nextCandidate(definition, trials);
    ours.push(performance.now() - begun);
    trials.push(completed(running(known.length + i, candidate), exactly(measure(candidate.weights))));
    const { parameters, seconds } = await optuna.ask();
    theirs.push(1000 * seconds);
    optuna.tell(outcomeOf(definition, bounds, measure(toWeights(parameters))));
  }
  return { ours: median(ours.slice(WARM_UP))!, optuna: median(theirs.slice(WARM_UP))! };
}
