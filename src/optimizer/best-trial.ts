import type { Guardrail } from '../../acquisition/feasibility.ts';
import {
  type Incumbent,
  noiseFreeIncumbent,
  noisyIncumbent,
  type NoisyTrial,
  type TrialOutcome,
} from '../../acquisition/incumbent.ts';
import { fittedValues } from '../../gp/fitted-values.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import { encodeStudy, toUnitCube } from './encode.ts';
import { type GuardrailBound, guardrailBounds, slackOf } from './guardrail-bounds.ts';
import { guardrailSlack, probabilityMet } from './guardrail-slack.ts';
import type { MetricModels } from './metric-models.ts';
import { modelledMetrics, objectiveSign } from './metric-roles.ts';
import { observationVariance } from './observation-variance.ts';
import { baselineRow, isNoiseFree, observedTrials } from './training-data.ts';

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
 * Metrics without noise: by observed values. Noisy ones: by posterior mean among trials that are feasible with the study's
 * confidence; `models` is needed for those.
 */
export function bestTrial(
  definition: StudyDefinition,
  trials: readonly Trial[],
  models?: MetricModels,
): BestTrial | undefined {
  const bounds = guardrailBounds(definition, trials);
  const observed = observedTrials(trials);
  if (bounds === undefined || observed.length === 0) return undefined;
  const noiseFree = isNoiseFree(definition, modelledMetrics(definition));
  const noisy = noiseFree ? [] : noisyTrials(definition, trials, models!, bounds);
  const exact = noiseFree ? outcomes(definition, trials, bounds) : [];
  const incumbent = noiseFree
    ? noiseFreeIncumbent(
        exact,
        bounds.map(({ bound, relation }): Guardrail => ({ bound, relation })),
      )
    : noisyIncumbent(noisy, definition.confidence);
  if (incumbent === undefined) return undefined;
  const { index, rule, feasible } = incumbent;
  const { number, weights } = observed[index]!;
  const objective = noiseFree ? exact[index]!.objective : noisy[index]!.objectiveMean;
  return { number, weights, rule, feasible, objective };
}

function outcomes(
  definition: StudyDefinition,
  trials: readonly Trial[],
  bounds: readonly GuardrailBound[],
): readonly TrialOutcome[] {
  const sign = objectiveSign(definition);
  return observedTrials(trials).map(({ observations }) => ({
    objective: sign * observations[definition.objective.metric]!.mean,
    metrics: bounds.map(({ metric }) => observations[metric]!.mean),
  }));
}

function noisyTrials(
  definition: StudyDefinition,
  trials: readonly Trial[],
  models: MetricModels,
  bounds: readonly GuardrailBound[],
): readonly NoisyTrial[] {
  const encoding = encodeStudy(definition);
  const means = fittedValues(models.get(definition.objective.metric)!);
  const sign = objectiveSign(definition);
  const slacks = bounds.map((bound) => guardrailSlack(definition, encoding, trials, models, bound));
  const misses = bounds.map((bound) => violations(definition, trials, models, bound));
  return observedTrials(trials).map(({ weights }, i) => ({
    objectiveMean: sign * means[i]!,
    probabilityFeasible: () => {
      const x = toUnitCube(encoding, weights);
      return slacks.reduce((product, slack) => product * probabilityMet(slack, x), 1);
    },
    violation: Math.max(0, ...misses.map((miss) => miss[i]!)),
  }));
}

/** By how many standard errors each observed trial misses a bound; the error of a relative bound is the baseline's too. */
function violations(
  definition: StudyDefinition,
  trials: readonly Trial[],
  models: MetricModels,
  bound: GuardrailBound,
): readonly number[] {
  const { metric, factor } = bound;
  const observed = observedTrials(trials);
  const variances = observed.map(({ observations }) =>
    observationVariance(definition, models, metric, observations[metric]!),
  );
  const reference = baselineRow(trials);
  const ofBound = reference === undefined ? 0 : factor ** 2 * variances[reference]!;
  return observed.map(({ observations }, i) => {
    const missed = Math.max(0, -slackOf(bound, observations[metric]!.mean));
    return missed === 0 ? 0 : missed / Math.sqrt(variances[i]! + ofBound);
  });
}
