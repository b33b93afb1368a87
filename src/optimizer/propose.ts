import { logConstrainedExpectedImprovement } from '../../acquisition/constrained-expected-improvement.ts';
import type { Guardrail } from '../../acquisition/feasibility.ts';
import {
  type CandidatePoint,
  chooseCandidate,
  type Criterion,
  type SearchContext,
} from '../../acquisition/optimize.ts';
import { NoRoomError } from '../../acquisition/separation.ts';
import { appendObservation, condition, type GaussianProcess } from '../../gp/gaussian-process.ts';
import type { Hyperparameters } from '../../gp/hyperparameters.ts';
import { predict, predictionGradient, predictWithGradient } from '../../gp/posterior.ts';
import { randomStream } from '../../math/random.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { type Generator, nextTrialNumber, type Trial } from '../domain/trial.ts';
import { bestTrial } from './best-trial.ts';
import type { Candidate } from './candidate.ts';
import { encodeStudy, type StudyEncoding, toUnitCube, toVector, toWeights } from './encode.ts';
import { type GuardrailBound, guardrailBounds } from './guardrail-bounds.ts';
import { probabilityMet } from './probability-met.ts';
import { nearestDistance } from './initialise.ts';
import { modelledMetrics, objectiveSign } from './metric-roles.ts';
import { isNoiseFree, observedTrials, pendingTrials, trainingData } from './training-data.ts';

/** Fitted hyperparameters by metric. */
export type FittedMetrics = Readonly<Record<string, Hyperparameters>>;

/**
 * The candidate that maximises log constrained expected improvement; while no trial is feasible, the log probability
 * of feasibility.
 *
 * Trials that are still running enter with the model's own mean as their outcome, so that a candidate is not proposed
 * twice. Throws `budget_exhausted` where no other weights are left, RangeError while the baseline that the guardrails need is not measured.
 */
export function propose(
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: FittedMetrics,
): Candidate {
  const bounds = guardrailBounds(definition, trials);
  if (bounds === undefined) throw new RangeError('the baseline is not measured');
  const encoding = encodeStudy(definition);
  const models = conditionedModels(definition, encoding, trials, fitted);
  const best = bestTrial(definition, trials, fitted);
  const incumbent = best?.feasible === true ? best.objective : undefined;
  const observed = observedTrials(trials).map(({ weights }) => toVector(encoding, weights));
  const pending = pendingTrials(trials).map(({ weights }) => toVector(encoding, weights));
  const number = nextTrialNumber(trials);

  const choice = choose(encoding, criterion(definition, models, bounds, incumbent), {
    pending,
    completedNoiseFree: isNoiseFree(definition, modelledMetrics(definition)) ? observed : [],
    incumbents: best === undefined ? [] : [toVector(encoding, best.weights)],
    random: randomStream(definition.seed, 'propose', number),
    encoding: encoding.inputs,
  });
  const weights = toWeights(encoding, choice.w);
  const x = toUnitCube(encoding, weights);
  const fromCriterion = choice.generator === 'criterion-maximum';
  const generator: Generator = fromCriterion ? criterionName(incumbent, bounds) : 'space_filling';
  const reason = incumbent === undefined ? `no trial is feasible yet; ${choice.reason}` : choice.reason;
  return {
    weights,
    provenance: {
      generator,
      reason,
      acquisitionValue: Number.isFinite(choice.value) ? choice.value : null,
      feasibility: bounds.map((bound) => ({
        guardrail: bound.text,
        probability: probabilityMet(bound, models.get(bound.metric)!, x),
      })),
      predictions: Object.fromEntries(
        [...models].map(([metric, model]) => {
          const { mean, variance } = predict(model, x);
          return [metric, { mean, stddev: Math.sqrt(variance) }];
        }),
      ),
      nearestTrialDistance: nearestDistance(encoding, choice.w, [...observed, ...pending]),
      hyperparameters: { ...fitted },
    },
  };
}

function choose(encoding: StudyEncoding, acquisition: Criterion, context: SearchContext): CandidatePoint {
  try {
    return chooseCandidate(encoding.polytope, acquisition, context);
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    throw new DomainError(
      'budget_exhausted',
      `no weights are left that differ enough from those tried or running: ${error.message}`,
    );
  }
}

function criterionName(incumbent: number | undefined, bounds: readonly GuardrailBound[]): Generator {
  if (incumbent === undefined) return 'log_probability_of_feasibility';
  return bounds.length === 0 ? 'log_expected_improvement' : 'log_constrained_expected_improvement';
}

/** The process of each metric given the observed trials, and given its own mean at the running ones. */
function conditionedModels(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  trials: readonly Trial[],
  fitted: FittedMetrics,
): ReadonlyMap<string, GaussianProcess> {
  const pending = pendingTrials(trials).map(({ weights }) => toUnitCube(encoding, weights));
  return new Map(
    modelledMetrics(definition).map((metric) => {
      const model = condition(trainingData(definition, encoding, trials, metric), fitted[metric]!);
      return [
        metric,
        pending.reduce((given, x) => appendObservation(given, x, predict(given, x).mean), model),
      ];
    }),
  );
}

/** The acquisition function over the unit cube, its gradient chained through the models; no allocation per call. */
function criterion(
  definition: StudyDefinition,
  models: ReadonlyMap<string, GaussianProcess>,
  bounds: readonly GuardrailBound[],
  incumbent: number | undefined,
): Criterion {
  const sign = objectiveSign(definition);
  const metrics = [...models.keys()];
  const processes = [...models.values()];
  const predictions = processes.map((model) => predictionGradient(model));
  const outcomes = [
    { metric: metrics.indexOf(definition.objective.metric), sign },
    ...bounds.map(({ metric }) => ({ metric: metrics.indexOf(metric), sign: 1 })),
  ];
  const guardrails = bounds.map(({ bound, relation }): Guardrail => ({ bound, relation }));
  const means = new Float64Array(outcomes.length);
  const variances = new Float64Array(outcomes.length);
  const meanSlopes = new Float64Array(outcomes.length);
  const varianceSlopes = new Float64Array(outcomes.length);
  return (x, gradient) => {
    processes.forEach((model, m) => predictWithGradient(model, x, predictions[m]!));
    for (const [k, outcome] of outcomes.entries()) {
      means[k] = outcome.sign * predictions[outcome.metric]!.mean;
      variances[k] = predictions[outcome.metric]!.variance;
    }
    const value = logConstrainedExpectedImprovement(
      incumbent,
      guardrails,
      means,
      variances,
      meanSlopes,
      varianceSlopes,
    );
    gradient.fill(0);
    for (const [k, outcome] of outcomes.entries()) {
      const { meanGradient, varianceGradient } = predictions[outcome.metric]!;
      const meanSlope = outcome.sign * meanSlopes[k]!;
      for (let j = 0; j < gradient.length; j++) {
        gradient[j]! += meanSlope * meanGradient[j]! + varianceSlopes[k]! * varianceGradient[j]!;
      }
    }
    return value;
  };
}
