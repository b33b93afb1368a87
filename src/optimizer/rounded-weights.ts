import { slackOf } from '../../acquisition/feasibility.ts';
import { type Incumbent, noiseFreeIncumbent } from '../../acquisition/incumbent.ts';
import { exactUnits } from '../../math/decimal-grid.ts';
import { nearestLatticePoints } from '../../math/polytope/lattice-points.ts';
import { observationOf } from '../domain/derived-metric.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Observations, type Trial, type Weights } from '../domain/trial.ts';
import { encodeStudy, toVector, toWeights } from './encode.ts';
import { type GuardrailBound, guardrailBounds } from './guardrail-bounds.ts';
import { slackMargin, type SlackMargin, withMargins } from './guardrail-margin.ts';
import { type FittedMetrics, metricModels } from './metric-models.ts';
import { firstObjective, objectiveSign } from './metric-roles.ts';
import { steeringMeans } from './steering-means.ts';

/** Multiples of the step near the winner that the models are asked about. */
const NEIGHBOURS = 500;

/** Those of them that are evaluated: models tell neighbours apart well, but not which side of a bound they fall on. */
const EVALUATED = 24;

/** Rounded weights to be evaluated, the most promising first. */
export interface RoundedCandidates {
  readonly candidates: readonly Weights[];
  /** How many the models were asked about. */
  readonly neighbours: number;
}

/**
 * The weights near the winner that are multiples of a step and keep ranges, sum and constraints: the 24 of the 500 nearest
 * that the models hold best, those that meet the guardrails first. Without models (`fitted` undefined) the nearest.
 *
 * Throws `study_invalid` where there are none.
 */
export function roundedCandidates(
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: FittedMetrics | undefined,
  winner: Weights,
  step: number,
): RoundedCandidates {
  const encoding = encodeStudy(definition);
  const { polytope } = encoding;
  if (exactUnits(step, polytope.grid) === undefined)
    throw unfit(`is ${step}: expected a decimal of at least 1e${polytope.grid.exponent}`);
  const points = nearestLatticePoints(polytope, toVector(encoding, winner), step, NEIGHBOURS);
  if (points.length === 0) {
    throw unfit(
      `no multiples of ${step} near the best weights meet the ranges, the sum and the constraints: expected a step that some do`,
    );
  }
  const ranked = fitted === undefined ? points : byModels(definition, trials, fitted, points);
  const candidates = ranked.slice(0, EVALUATED).map((point) => toWeights(encoding, point));
  return { candidates, neighbours: points.length };
}

function unfit(message: string): DomainError {
  return new DomainError('study_invalid', message, { pointer: '/step' });
}

function byModels(
  study: StudyDefinition,
  stored: readonly Trial[],
  fitted: FittedMetrics,
  points: readonly Float64Array[],
): readonly Float64Array[] {
  const { definition, trials } = withMargins(study, stored);
  const bounds = knownBounds(definition, trials);
  const units = knownBounds(study, stored).map(({ bound }) => Math.abs(bound) || 1);
  const encoding = encodeStudy(definition);
  const models = metricModels(definition, encoding, trials, fitted);
  const { objective, slacks } = steeringMeans(definition, encoding, models, bounds);
  const scored = points.map((point) => ({
    point,
    objective: objective(point),
    // In units of the bound: guardrails of different metrics count alike.
    violation: slacks.reduce((sum, slack, k) => sum + Math.max(0, -slack(point)) / units[k]!, 0),
  }));
  return scored
    .toSorted((a, b) => a.violation - b.violation || b.objective - a.objective)
    .map(({ point }) => point);
}

/** Weights and what they were measured to be, exactly. */
export interface EvaluatedWeights {
  readonly weights: Weights;
  readonly observations: Observations;
}

/** Which of evaluated weights is best, by the rule of the best trial: feasible ones first. */
export function bestRounded(
  definition: StudyDefinition,
  trials: readonly Trial[],
  evaluated: readonly EvaluatedWeights[],
): Incumbent {
  const others = trials.filter(({ number }) => number === BASELINE_TRIAL);
  const asTrials = evaluated.map((each, i): Trial => ({
    ...trials[0]!,
    number: i + 1,
    state: 'completed',
    ...each,
  }));
  const steered = withMargins(definition, [...others, ...asTrials]);
  const bounds = knownBounds(steered.definition, steered.trials);
  const { metric: objective } = firstObjective(definition);
  const outcomes = steered.trials.slice(others.length).map(({ observations }) => {
    const value = (metric: string): number => observationOf(definition, observations, metric)!.mean;
    return {
      objective: objectiveSign(definition) * value(objective),
      metrics: bounds.map(({ metric }) => value(metric)),
    };
  });
  const best = noiseFreeIncumbent(outcomes, bounds);
  if (best === undefined) throw new RangeError('nothing was evaluated');
  return best;
}

/** A guardrail at the winner and at the rounded weights. */
export interface RoundedGuardrail {
  readonly guardrail: string;
  readonly bound: number;
  readonly winnerSlack: number;
  readonly slack: number;
  /** Of the slack at the rounded weights, as reports of trials have it; null without a margin. */
  readonly margin: SlackMargin | null;
  readonly met: boolean;
}

/** What rounding costs. */
export interface RoundingPrice {
  /** How much the objective is worse than the winner's, in its units; negative where it is better. */
  readonly loss: number;
  /** loss/|the winner's|; null where that is 0. */
  readonly relativeLoss: number | null;
  readonly guardrails: readonly RoundedGuardrail[];
}

export function roundingPrice(
  definition: StudyDefinition,
  trials: readonly Trial[],
  winner: Observations,
  rounded: Observations,
): RoundingPrice {
  const value = (observations: Observations, metric: string): number =>
    observationOf(definition, observations, metric)!.mean;
  const { metric: objective } = firstObjective(definition);
  const before = value(winner, objective);
  const loss = objectiveSign(definition) * (before - value(rounded, objective));
  const guardrails = knownBounds(definition, trials).map((bound) => {
    const slack = slackOf(bound, value(rounded, bound.metric));
    const margin = slackMargin(definition, trials, bound, rounded) ?? null;
    return {
      guardrail: bound.text,
      bound: bound.bound,
      winnerSlack: slackOf(bound, value(winner, bound.metric)),
      slack,
      margin,
      met: slack - (margin?.margin ?? 0) >= 0,
    };
  });
  return { loss, relativeLoss: before === 0 ? null : loss / Math.abs(before), guardrails };
}

function knownBounds(definition: StudyDefinition, trials: readonly Trial[]): readonly GuardrailBound[] {
  const bounds = guardrailBounds(definition, trials);
  if (bounds === undefined) throw new RangeError('the baseline is not measured');
  return bounds;
}
