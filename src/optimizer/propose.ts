import {
  type CandidatePoint,
  chooseCandidate,
  criterionOfWeights,
  farFromTrials,
  type SearchContext,
  type SearchEffort,
} from '../../acquisition/optimize.ts';
import { isSeparated, NoRoomError } from '../../acquisition/separation.ts';
import { violations } from '../../math/polytope/polytope.ts';
import { projectOnto } from '../../math/polytope/projection.ts';
import { type Random, randomStream } from '../../math/random.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { nextTrialNumber, type Trial } from '../domain/trial.ts';
import { analyticSearch } from './analytic-search.ts';
import type { Candidate } from './candidate.ts';
import { type StudyEncoding, toUnitCube, toVector, toWeights } from './encode.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import { guardrailSlack, probabilityMet } from './guardrail-slack.ts';
import { nearestDistance } from './initialise.ts';
import { type FittedMetrics, predictMetric } from './metric-models.ts';
import { steeringMetrics } from './metric-roles.ts';
import { incumbent } from './incumbent.ts';
import { noisySearch } from './noisy-search.ts';
import { incumbentsOf, paretoSearch } from './pareto-search.ts';
import type { Search } from './search.ts';
import { fruitlessTrials, isMeasuredExactly, observedTrials, pendingTrials } from './training-data.ts';

/**
 * The candidate that maximises the acquisition function: in closed form where no metric has noise, else over samples of
 * the joint posterior; with several objectives the one that adds to their Pareto set; while nothing is feasible, the
 * chance of being the first that is, weighted by what it would gain. Trials that are still running count.
 *
 * Throws `budget_exhausted` where no other weights are left, RangeError while the baseline that the guardrails need is
 * not measured.
 */
export function propose(
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: FittedMetrics,
): Candidate {
  return proposeGiven(gatherEvidence(definition, trials, fitted));
}

/** The same from evidence that is gathered already. */
export function proposeGiven(evidence: Evidence): Candidate {
  const { definition, encoding, trials, fitted, bounds, models, best, front } = evidence;
  const observed = observedTrials(trials).map(({ weights }) => toVector(encoding, weights));
  const pending = pendingTrials(trials).map(({ weights }) => toVector(encoding, weights));
  const random = randomStream(definition.seed, 'propose', nextTrialNumber(trials));
  const search = searchOf(evidence, random);
  const incumbents = front ? incumbentsOf(front) : best === undefined ? [] : [best.weights];
  const context: SearchContext = {
    ...(observed.length > MANY_OBSERVATIONS && { effort: effortFor(observed.length) }),
    pending,
    completedNoiseFree: [
      ...observedTrials(trials).filter((trial) => isMeasuredExactly(definition, trial)),
      ...fruitlessTrials(trials),
    ].map(({ weights }) => toVector(encoding, weights)),
    // Of a part of the polytope, where some weights are fixed, the nearest to each.
    incumbents: incumbents.map((weights) => inside(encoding, toVector(encoding, weights))),
    random,
    encoding: encoding.inputs,
    distance: encoding.distance,
  };
  const slacks = bounds.map((bound) => guardrailSlack(definition, encoding, trials, models, bound));
  const probabilities = (w: Float64Array): readonly number[] => {
    const x = toUnitCube(encoding, toWeights(encoding, w));
    return slacks.map((slack) => probabilityMet(slack, x));
  };
  const found = choose(encoding, search, context);
  const isTurn = nextTrialNumber(trials) % 2 === 0;
  const far =
    isTurn && search.seeksFeasible && isHopeless(probabilities(found.w))
      ? farFromTrials(
          encoding.polytope,
          criterionOfWeights(search.criterion, encoding.inputs),
          [...observed, ...pending],
          random,
        )
      : found;
  const choice = isSeparated(encoding.distance, far.w, context) ? far : found;
  const weights = toWeights(encoding, choice.w);
  const x = toUnitCube(encoding, weights);
  const met = probabilities(choice.w);
  return {
    weights,
    provenance: {
      generator: choice.generator === 'criterion-maximum' ? search.generator : 'space_filling',
      reason: search.remark === undefined ? choice.reason : `${search.remark}; ${choice.reason}`,
      acquisitionValue: Number.isFinite(choice.value) ? choice.value : null,
      feasibility: bounds.map(({ text }, k) => ({ guardrail: text, probability: met[k]! })),
      predictions: Object.fromEntries(
        [...new Set([...models.keys(), ...steeringMetrics(definition)])].map((metric) => {
          const { mean, variance } = predictMetric(definition, models, metric, x);
          return [metric, { mean, stddev: Math.sqrt(variance) }];
        }),
      ),
      nearestTrialDistance: nearestDistance(encoding, choice.w, [...observed, ...pending]),
      hyperparameters: { ...fitted },
    },
  };
}

function inside({ polytope }: StudyEncoding, w: Float64Array): Float64Array {
  return violations(polytope, w).length === 0 ? w : projectOnto(polytope, w);
}

/** P(feasible) below which models that see nothing feasible anywhere are more likely wrong than right. */
const HOPELESS = 1e-6;

/**
 * Whether the best that a search for feasibility found is next to impossible. A model that has seen only violations may
 * take them for all there is, and its search then returns to the same rim; so every second trial fills the space instead.
 */
function isHopeless(probabilities: readonly number[]): boolean {
  return probabilities.reduce((product, probability) => product * probability, 1) < HOPELESS;
}

function searchOf(evidence: Evidence, random: Random): Search {
  const { definition, encoding, trials, bounds, noiseFree, models, believed, best, front } = evidence;
  if (front !== undefined) return paretoSearch(definition, encoding, trials, models, bounds, front, random);
  if (!noiseFree) return noisySearch(definition, encoding, trials, models, bounds, random);
  return analyticSearch(definition, believed, bounds, incumbent(definition, trials, best));
}

/** From so many observations on, the search is what a suggestion takes most of its time for. */
const MANY_OBSERVATIONS = 400;

/**
 * A score costs n², so the number of samples falls as n⁻², to no less than 96; half the climbs then do, one of them finished,
 * because so many observations leave few hills.
 */
function effortFor(observations: number): SearchEffort {
  const samples = Math.max(96, Math.round(384 * (MANY_OBSERVATIONS / observations) ** 2));
  return { samples, uniformStarts: 3, incumbentStarts: 1, finishedClimbs: 1 };
}

function choose(
  encoding: StudyEncoding,
  { criterion, screen }: Search,
  context: SearchContext,
): CandidatePoint {
  try {
    return chooseCandidate(encoding.polytope, criterion, { ...context, ...(screen && { screen }) });
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    throw new DomainError(
      'budget_exhausted',
      `no weights are left that differ enough from those tried or running: ${error.message}`,
    );
  }
}
