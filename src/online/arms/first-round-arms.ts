import { roundToPolytope } from '../../../math/polytope/rounding.ts';
import { samplePolytope } from '../../../math/polytope/sampling.ts';
import { maximinSubset, spaceFillingDesign } from '../../../math/polytope/space-filling-design.ts';
import { randomStream } from '../../../math/random.ts';
import { DomainError } from '../../domain/errors.ts';
import type { StudyDefinition } from '../../domain/study.ts';
import type { Weights } from '../../domain/trial.ts';
import { encodeStudy, toVector, toWeights } from '../../optimizer/encode.ts';
import type { ProposedWeights } from './proposed-arm.ts';

/** Uniform weights that are asked whether they may be feasible, and the best spread of those that may. */
const FILTERED_CANDIDATES = 600;

/** What the study's own models say of weights, and from which P(feasible) on they may be an arm. */
export interface OfflineFilter {
  readonly least: number;
  readonly feasibilityOf: (points: readonly Weights[]) => readonly number[];
}

/**
 * The arms of a first round: weights that fill the space, far from each other, from the baseline and from those given, then what the log promises.
 *
 * A maximin subset of uniform samples of the polytope (`spaceFillingDesign`); with a filter, of those that the offline models hold
 * feasible. Of `count` arms the last are promised ones. Deterministic by seed.
 *
 * Throws `experiment_invalid` where fewer weights pass the filter than arms are asked.
 */
export function firstRoundArms(
  definition: StudyDefinition,
  count: number,
  seed: number,
  given: readonly Weights[],
  promised: readonly ProposedWeights[],
  filter?: OfflineFilter,
): readonly ProposedWeights[] {
  const encoding = encodeStudy(definition);
  const { polytope } = encoding;
  const random = randomStream(seed, 'online', 'first round');
  const existing = given.map((weights) => toVector(encoding, weights));
  const kept = promised.slice(0, count);
  const fresh = count - kept.length;
  let points: readonly Float64Array[];
  let chosenBy = '';
  if (filter === undefined) points = spaceFillingDesign(polytope, count, random, existing).slice(0, fresh);
  else {
    const candidates = samplePolytope(polytope, FILTERED_CANDIDATES, random);
    const feasible = filter.feasibilityOf(candidates.map((point) => toWeights(encoding, point)));
    const passing = candidates.filter((_, i) => feasible[i]! >= filter.least);
    if (passing.length < count) {
      throw new DomainError(
        'experiment_invalid',
        `${passing.length} of ${candidates.length} random weights have a P(feasible) of at least ${filter.least} by the models of the trials: expected ${count}, or less of offlineFeasibility`,
        { pointer: '/offlineFeasibility' },
      );
    }
    points = maximinSubset(polytope, passing, count, existing).slice(0, fresh);
    chosenBy = `, of those with a P(feasible) of at least ${filter.least} by the models of the trials`;
  }
  return [
    ...points.map((point): ProposedWeights => ({
      weights: toWeights(encoding, roundToPolytope(polytope, point)),
      generator: 'space_filling',
      reason: `far from the other arms${chosenBy}`,
    })),
    ...kept,
  ];
}
