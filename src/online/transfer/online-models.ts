import { DomainError } from '../../domain/errors.ts';
import type { OnlineDefinition } from '../../domain/online.ts';
import type { StudyDefinition } from '../../domain/study.ts';
import { encodeStudy, type StudyEncoding, toVector } from '../../optimizer/encode.ts';
import type { OnlineEvidence, ReadRound } from '../arms/online-evidence.ts';
import { spreadsOf } from '../arms/spreads-of.ts';
import { dropUnhelpfulLog } from './drop-unhelpful-log.ts';
import type { LiftModels } from './lift-models.ts';
import { LARGEST_RATIO, loggedMetric } from './logged-metric.ts';
import { type Place, placeOn } from './place-weights.ts';
import type { RoundObservations } from './relative-observations.ts';
import { errorsOfRounds } from './errors-of-rounds.ts';
import { roundsOf } from './rounds-of.ts';
import { fitTransfer, type TransferModel } from './transfer-model.ts';

/** Draws of the lifts of arms that are judged: standard errors of probabilities under 0.016. */
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
  /** The same models as what lifts are drawn from. */
  readonly lifts: LiftModels;
}

/**
 * Fits every metric that some round has, over roots of shares (`placeOn`), with the log where it was measured, is above 0 and helps, the metric and on the whole.
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
  const { polytope } = encoding;
  const place = placeOn(polytope, spreadsOf(evidence, polytope.names));
  const fitted = names.map((metric) => modelOf(online, encoding, place, evidence, metric));
  const kept = dropUnhelpfulLog(fitted.map(({ model }) => model));
  const models = fitted.map((each, t) => ({ ...each, model: kept[t]! }));
  const objectiveModel = names.indexOf(online.objective.metric);
  const lifts: LiftModels = {
    polytope,
    place,
    errors: errorsOfRounds(evidence, encoding, place, names),
    models: models.map(({ model }) => model),
    guardrails: online.guardrails.map(({ metric, relation, factor }) => ({
      metric: names.indexOf(metric),
      relation,
      bound: factor - 1,
    })),
    objectiveModel,
    objective: online.objective.direction === 'minimize' ? names.length : objectiveModel,
  };
  return { encoding, models, lifts };
}

function modelOf(
  online: OnlineDefinition,
  encoding: StudyEncoding,
  place: Place,
  evidence: OnlineEvidence,
  metric: string,
): OnlineModel {
  const rounds = roundsOf(evidence, metric);
  const observations = rounds.map((round) => observationsOf(encoding, place, round, metric));
  const { offline } = online.metrics[metric]!;
  const logged = offline === undefined ? undefined : loggedMetric(encoding, place, evidence, offline);
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

function observationsOf(
  encoding: StudyEncoding,
  place: Place,
  round: ReadRound,
  metric: string,
): RoundObservations {
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
    return [{ x: place(toVector(encoding, weights)), mean: measured.mean, standardError }];
  });
}
