import { type Random, randomStream } from '../../../math/random.ts';
import { DomainError } from '../../domain/errors.ts';
import type { OnlineDefinition } from '../../domain/online.ts';
import type { StudyDefinition } from '../../domain/study.ts';
import type { Weights } from '../../domain/trial.ts';
import { encodeStudy, type StudyEncoding, toUnitCube } from '../../optimizer/encode.ts';
import type { OnlineEvidence, ReadRound } from '../arms/online-evidence.ts';
import type { LiftGuardrail, LiftSamples } from './lift-guardrail.ts';
import type { LogObservations, RoundObservations } from './relative-observations.ts';
import { sampleLifts } from './sample-lifts.ts';
import { fitTransfer, type TransferModel } from './transfer-model.ts';

/** With fewer weights measured, a log says nothing of slopes. */
const FEWEST_LOGGED = 5;

/** Metrics that differ by more between weights are in several units; powers of it overflow in draws. */
const LARGEST_RATIO = 1e4;

/** Draws of the lifts: standard errors of probabilities under 0.016. */
export const LIFT_DRAWS = 1024;

/** One metric's model of all rounds, and why the log is no part of it where it was not asked. */
export interface OnlineModel {
  readonly metric: string;
  readonly model: TransferModel;
  /** Null where the log was judged (`model.trust`). */
  readonly withoutLog: string | null;
  /** Rounds whose readout has the metric. */
  readonly rounds: number;
}

/** The models of all metrics that were read out, of the objective and guardrails at least. */
export interface OnlineModels {
  readonly encoding: StudyEncoding;
  readonly models: readonly OnlineModel[];
  /** Guardrails on lifts, by index of the models. */
  readonly guardrails: readonly LiftGuardrail[];
  /** Index of the objective's model. */
  readonly objectiveModel: number;
  /** Index of the draws of the objective as "more is better": the model's, or after all models where it is to be minimised. */
  readonly objective: number;
}

/**
 * Fits every metric that some round has, with the log where it was measured, is above 0 and helps.
 *
 * Throws `experiment_invalid` where no round has the objective or a guardrail's metric, or a metric is not above 0.
 */
export function onlineModels(definition: StudyDefinition, evidence: OnlineEvidence): OnlineModels {
  const online = definition.online!;
  const encoding = encodeStudy(definition);
  const names = Object.keys(online.metrics).filter((metric) => roundsOf(evidence, metric).length > 0);
  const needed = [online.objective.metric, ...online.guardrails.map(({ metric }) => metric)];
  const missing = needed.find((metric) => !names.includes(metric));
  if (missing !== undefined) {
    throw new DomainError(
      'experiment_invalid',
      `no readout has ${missing}, which the objective or a guardrail is of: expected it in a readout`,
    );
  }
  const models = names.map((metric) => modelOf(online, encoding, evidence, metric));
  const objectiveModel = names.indexOf(online.objective.metric);
  return {
    encoding,
    models,
    objectiveModel,
    guardrails: online.guardrails.map(({ metric, relation, factor }) => ({
      metric: names.indexOf(metric),
      relation,
      bound: factor - 1,
    })),
    objective: online.objective.direction === 'minimize' ? names.length : objectiveModel,
  };
}

/** Draws of every metric's lifts at these weights, and of the objective as "more is better" at `models.objective`. */
export function drawLifts(
  { encoding, models, objective, objectiveModel }: OnlineModels,
  points: readonly Weights[],
  seed: number,
  ...labels: readonly (string | number)[]
): LiftSamples {
  const X = Float64Array.from(points.flatMap((weights) => Array.from(toUnitCube(encoding, weights))));
  const metrics = models.map(({ metric, model }) => {
    const random: Random = randomStream(seed, 'online', ...labels, metric);
    return sampleLifts(model, X, LIFT_DRAWS, random);
  });
  if (objective === models.length) metrics.push(metrics[objectiveModel]!.map((lift) => -lift));
  return { count: LIFT_DRAWS, points: points.length, metrics };
}

function modelOf(
  online: OnlineDefinition,
  encoding: StudyEncoding,
  evidence: OnlineEvidence,
  metric: string,
): OnlineModel {
  const rounds = roundsOf(evidence, metric);
  const observations = rounds.map((round) => observationsOf(encoding, round, metric));
  const { offline } = online.metrics[metric]!;
  const logged = offline === undefined ? undefined : loggedOf(encoding, evidence, offline);
  const withoutLog =
    typeof logged === 'object'
      ? null
      : (logged ?? 'the study says of no metric that it is the log’s knowledge of this one');
  try {
    const model = fitTransfer(metric, typeof logged === 'object' ? logged : undefined, observations);
    return { metric, model, withoutLog, rounds: rounds.length };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError('experiment_invalid', error.message);
  }
}

/** A round is of use where its baseline was measured: all lifts are over it. */
function roundsOf({ rounds }: OnlineEvidence, metric: string): readonly ReadRound[] {
  return rounds.filter(({ arms, metrics }) => {
    const read = metrics[metric] ?? [];
    return read.length > 1 && read.some(({ arm }) => arm === arms[0]!.name);
  });
}

function observationsOf(encoding: StudyEncoding, round: ReadRound, metric: string): RoundObservations {
  const read = new Map(round.metrics[metric]!.map((arm) => [arm.arm, arm]));
  const baseline = read.get(round.arms[0]!.name)!;
  return round.arms.flatMap(({ name, weights }) => {
    const measured = read.get(name);
    if (measured === undefined) return [];
    const standardError = Math.sqrt(measured.variance);
    if (!(standardError <= measured.mean)) {
      throw new DomainError(
        'experiment_invalid',
        `${metric} of arm ${name} in experiment ${round.experiment} is ${measured.mean} ± ${standardError}: expected a mean above 0 and its standard error, of which models of relative changes can learn`,
      );
    }
    const ratio = measured.mean / baseline.mean;
    if (!(ratio <= LARGEST_RATIO && ratio >= 1 / LARGEST_RATIO)) {
      throw new DomainError(
        'experiment_invalid',
        `${metric} of arm ${name} in experiment ${round.experiment} is ${measured.mean}, and ${baseline.mean} of its baseline: expected the units of one metric`,
      );
    }
    return [{ x: toUnitCube(encoding, weights), mean: measured.mean, standardError }];
  });
}

/** The log's values of a metric; a reason in words where they are of no use. */
function loggedOf(
  encoding: StudyEncoding,
  { logged }: OnlineEvidence,
  offline: string,
): LogObservations | string {
  const found = logged.filter(({ metrics }) => metrics[offline] !== undefined);
  if (found.length < FEWEST_LOGGED) {
    return `${offline} was measured at ${found.length} weights: expected ${FEWEST_LOGGED} or more`;
  }
  const bad = found.find(({ metrics }) => !(metrics[offline]! > 0));
  if (bad !== undefined) return `${offline} is ${bad.metrics[offline]} at some weights: expected it above 0`;
  const values = found.map(({ metrics }) => metrics[offline]!);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (!(most / least <= LARGEST_RATIO)) {
    return `${offline} is from ${least} to ${most}: expected values within a factor of ${LARGEST_RATIO}`;
  }
  return {
    X: Float64Array.from(found.flatMap(({ weights }) => Array.from(toUnitCube(encoding, weights)))),
    y: Float64Array.from(values),
  };
}
