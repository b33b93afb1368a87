import type { Guardrail } from '../../acquisition/feasibility.ts';
import {
  type Incumbent,
  noiseFreeIncumbent,
  noisyIncumbent,
  type TrialOutcome,
  type TrialPosterior,
} from '../../acquisition/incumbent.ts';
import { condition } from '../../gp/gaussian-process.ts';
import type { Hyperparameters } from '../../gp/hyperparameters.ts';
import { predict } from '../../gp/posterior.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import { encodeStudy, toUnitCube } from './encode.ts';
import { type GuardrailBound, guardrailBounds } from './guardrail-bounds.ts';
import { probabilityMet } from './probability-met.ts';
import { modelledMetrics, objectiveSign } from './metric-roles.ts';
import { isNoiseFree, observedTrials, trainingData } from './training-data.ts';

export interface BestTrial {
  readonly number: number;
  readonly weights: Weights;
  readonly rule: Incumbent['rule'];
  /** Whether the rule takes the trial to meet every guardrail. */
  readonly feasible: boolean;
  /** The objective as "maximise": observed where metrics have no noise, else the model's mean. */
  readonly objective: number;
}

/**
 * The best trial so far, by the rule that fits the noise; undefined while none is completed or the baseline is not
 * measured.
 *
 * Metrics without noise: by observed values. Noisy ones: by posterior mean among trials that are feasible with
 * probability 0.95; `fitted` is needed for those.
 */
export function bestTrial(
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: Readonly<Record<string, Hyperparameters>> = {},
): BestTrial | undefined {
  const bounds = guardrailBounds(definition, trials);
  const observed = observedTrials(trials);
  if (bounds === undefined || observed.length === 0) return undefined;
  const sign = objectiveSign(definition);
  const outcomes = observed.map(({ observations }): TrialOutcome => ({
    objective: sign * observations[definition.objective.metric]!.mean,
    metrics: bounds.map(({ metric }) => observations[metric]!.mean),
    sems: bounds.map(({ metric }) => observations[metric]!.sem ?? undefined),
  }));
  const guardrails = bounds.map(({ bound, relation }): Guardrail => ({ bound, relation }));
  const noiseFree = isNoiseFree(definition, modelledMetrics(definition));
  const posteriors = noiseFree ? [] : trialPosteriors(definition, trials, fitted, bounds);
  const incumbent = noiseFree
    ? noiseFreeIncumbent(outcomes, guardrails)
    : noisyIncumbent(outcomes, posteriors, guardrails);
  if (incumbent === undefined) return undefined;
  const { number, weights } = observed[incumbent.index]!;
  const objective = noiseFree
    ? outcomes[incumbent.index]!.objective
    : posteriors[incumbent.index]!.objectiveMean;
  return { number, weights, rule: incumbent.rule, feasible: incumbent.feasible, objective };
}

function trialPosteriors(
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: Readonly<Record<string, Hyperparameters>>,
  bounds: readonly GuardrailBound[],
): readonly TrialPosterior[] {
  const encoding = encodeStudy(definition);
  const models = new Map(
    modelledMetrics(definition).map((metric) => [
      metric,
      condition(trainingData(definition, encoding, trials, metric), fitted[metric]!),
    ]),
  );
  const sign = objectiveSign(definition);
  return observedTrials(trials).map(({ weights }) => {
    const x = toUnitCube(encoding, weights);
    const met = bounds.map((bound) => probabilityMet(bound, models.get(bound.metric)!, x));
    return {
      objectiveMean: sign * predict(models.get(definition.objective.metric)!, x).mean,
      probabilityFeasible: met.reduce((product, probability) => product * probability, 1),
    };
  });
}
