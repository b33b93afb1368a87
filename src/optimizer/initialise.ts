import { isSeparated } from '../../acquisition/separation.ts';
import { roundToPolytope } from '../../math/polytope/rounding.ts';
import { samplePolytope } from '../../math/polytope/sampling.ts';
import { randomStream } from '../../math/random.ts';
import { spaceFillingDesign } from '../../math/polytope/space-filling-design.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { suggestedTrials, type Trial, type Weights } from '../domain/trial.ts';
import type { Candidate } from './candidate.ts';
import { encodeStudy, type StudyEncoding, toVector, toWeights } from './encode.ts';
import { encodeFixed } from './encode-fixed.ts';
import { guardrailBounds } from './guardrail-bounds.ts';
import { modelledMetrics } from './metric-roles.ts';
import { fruitlessTrials, observedTrials, pendingTrials } from './training-data.ts';

/** A model of one metric is worth asking from this many observations on: below it has no slope in any direction. */
export const FEWEST_OBSERVATIONS = 2;

/** Uniform samples that stand in for a point of the design too near to another: the farthest of so many is far from all. */
const SAMPLES_KEPT_APART = 400;

/**
 * Initial trials of a study that does not say: one more than half the polytope's dimension, and at least so many. A full
 * dimension more costs trials that the models use better (docs/adr/0013-defaults-of-the-search.md).
 */
const FEWEST_INITIAL_TRIALS = 4;

/** Why bounds are unknown, where they are. */
export const BASELINE_UNMEASURED = 'the baseline (trial 0) is not measured yet';

/** How many trials of the space-filling design are still to be made. */
export function initialTrialsLeft(definition: StudyDefinition, trials: readonly Trial[]): number {
  return Math.max(0, initialTrialCount(definition, encodeStudy(definition)) - suggestedTrials(trials).length);
}

/**
 * The metrics whose models choose the next candidate; none while candidates fill the space: in the initial design, and
 * while too little is measured to model (the baseline, or two trials).
 */
export function modelsNeeded(definition: StudyDefinition, trials: readonly Trial[]): readonly string[] {
  if (initialTrialsLeft(definition, trials) > 0) return [];
  return waitingFor(definition, trials) === undefined ? modelledMetrics(definition) : [];
}

/**
 * The next `count` candidates of the space-filling design, each with weights far from all trials before it; of weights that
 * are fixed, they fill the space that is left.
 */
export function initialCandidates(
  definition: StudyDefinition,
  trials: readonly Trial[],
  count: number,
  fixed: Weights = {},
): readonly Candidate[] {
  const encoding = encodeFixed(definition, fixed);
  const { polytope } = encoding;
  const number = suggestedTrials(trials).length;
  const size = initialTrialCount(definition, encoding);
  const known = trials.flatMap(({ weights }) => (weights === null ? [] : [toVector(encoding, weights)]));
  const designed =
    number < size && Object.keys(fixed).length === 0
      ? spaceFillingDesign(
          polytope,
          size,
          randomStream(definition.seed, 'initial-design'),
          baselineVector(definition, encoding),
        ).slice(number, number + count)
      : spaceFillingDesign(polytope, count, randomStream(definition.seed, 'space-filling', number), known);
  const chosen: Float64Array[] = [];
  return designed.map((point, i) => {
    const others = [...known, ...chosen];
    const w = keptApart(definition, encoding, trials, chosen, roundToPolytope(polytope, point));
    chosen.push(w);
    return {
      weights: toWeights(encoding, w),
      provenance: {
        generator: 'space_filling',
        reason:
          number < size
            ? `initial design, ${number + i + 1} of ${size}`
            : (waitingFor(definition, trials) ?? 'no model was asked'),
        acquisitionValue: null,
        feasibility: [],
        predictions: {},
        nearestTrialDistance: nearestDistance(encoding, w, others),
        hyperparameters: {},
      },
    };
  });
}

/**
 * The point of the design, or, where it is too near to a running trial, to one before it in the batch or to a completed one
 * (a maximin design looks at weights, a log without a sum at directions), the sample that is farthest from them all.
 *
 * Throws `budget_exhausted` where no sample is far enough.
 */
function keptApart(
  definition: StudyDefinition,
  { polytope, distance, names }: StudyEncoding,
  trials: readonly Trial[],
  batch: readonly Float64Array[],
  w: Float64Array,
): Float64Array {
  const vectors = (of: readonly { readonly weights: Weights }[]): readonly Float64Array[] =>
    of.map(({ weights }) => Float64Array.from(names, (name) => weights[name]!));
  const pending = [...vectors(pendingTrials(trials)), ...batch];
  const neighbours = {
    pending,
    completedNoiseFree: vectors([...observedTrials(trials), ...fruitlessTrials(trials)]),
  };
  if (isSeparated(distance, w, neighbours)) return w;
  const random = randomStream(definition.seed, 'kept-apart', trials.length, batch.length);
  const samples = samplePolytope(polytope, SAMPLES_KEPT_APART, random).map((sample) =>
    roundToPolytope(polytope, sample),
  );
  const gaps = samples.map((sample) =>
    Math.min(
      ...[...pending, ...neighbours.completedNoiseFree].map((other) => distance.between(sample, other)),
    ),
  );
  const farthest = samples[gaps.indexOf(Math.max(...gaps))]!;
  if (isSeparated(distance, farthest, neighbours)) return farthest;
  throw new DomainError(
    'budget_exhausted',
    `no weights are left that differ enough from those tried or running: none of ${SAMPLES_KEPT_APART} samples does`,
  );
}

/** The distance to the nearest of the points, in the unit that separates candidates; null where there are none. */
export function nearestDistance(
  { distance }: StudyEncoding,
  w: Float64Array,
  others: readonly Float64Array[],
): number | null {
  if (others.length === 0) return null;
  return Math.min(...others.map((other) => distance.between(w, other))) / distance.unit;
}

/** What the models still lack, in words; undefined where they can be fitted. */
export function waitingFor(definition: StudyDefinition, trials: readonly Trial[]): string | undefined {
  if (guardrailBounds(definition, trials) === undefined) return BASELINE_UNMEASURED;
  if (observedTrials(trials).length < FEWEST_OBSERVATIONS)
    return 'too few trials are completed to fit a model';
  return undefined;
}

function initialTrialCount({ initialTrials }: StudyDefinition, { polytope }: StudyEncoding): number {
  return initialTrials ?? Math.max(FEWEST_INITIAL_TRIALS, Math.ceil(polytope.dimension / 2) + 1);
}

function baselineVector({ baseline }: StudyDefinition, encoding: StudyEncoding): readonly Float64Array[] {
  const weights: Weights | undefined =
    baseline !== undefined && 'weights' in baseline ? baseline.weights : undefined;
  return weights === undefined ? [] : [toVector(encoding, weights)];
}
