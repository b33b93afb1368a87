import { samplePolytope } from '../../math/polytope/sampling.ts';
import { randomStream } from '../../math/random.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import { nextTrialNumber, type Observations, type Trial, type Weights } from '../../src/domain/trial.ts';
import { bestTrial } from '../../src/optimizer/best-trial.ts';
import { encodeStudy, toVector, toWeights } from '../../src/optimizer/encode.ts';
import { noisyMeasure, withKnownNoise } from '../races/noise.ts';
import { outsideCandidate } from '../races/outside-candidate.ts';
import type { Problem } from '../problems/problem.ts';
import { runSobol } from '../races/run-sobol.ts';
import { completed, exactly, running } from '../races/run-study.ts';

/** The trials near a good point lie within this share of the way to any other weights, the first and the last of them. */
const FIRST_SHARE = 0.3;
const LAST_SHARE = 0.003;

/** A study in the midst of its trials, and what a further one measures. */
export interface StudyHistory {
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
  readonly observe: (weights: Weights) => Observations;
}

/**
 * `observations` completed trials as a study has them: half fill the space, half draw nearer and nearer to the best of
 * those. With noise, each metric brings its standard error.
 */
export function studyHistory(
  { study, measure }: Problem,
  seed: number,
  observations: number,
  noisy: boolean,
): StudyHistory {
  const exact = study(seed);
  const filling = runSobol(exact, measure, Math.ceil(observations / 2) - 1);
  const trials = [...filling];
  const encoding = encodeStudy(exact);
  const good = toVector(encoding, bestTrial(exact, filling)!.weights);
  const others = samplePolytope(
    encoding.polytope,
    observations - filling.length,
    randomStream(seed, 'bench', 'history'),
  );
  for (const [i, other] of others.entries()) {
    const share = FIRST_SHARE * (LAST_SHARE / FIRST_SHARE) ** (i / others.length);
    const weights = toWeights(
      encoding,
      other.map((value, k) => good[k]! + share * (value - good[k]!)),
    );
    const candidate = outsideCandidate(weights, 'near the best');
    trials.push(completed(running(nextTrialNumber(trials), candidate), exactly(measure(weights))));
  }
  if (!noisy) return { definition: exact, trials, observe: (weights) => exactly(measure(weights)) };
  const observe = noisyMeasure(exact, measure, randomStream(seed, 'bench', 'noise'));
  return {
    definition: withKnownNoise(exact),
    trials: trials.map((trial) => completed(trial, observe(trial.weights!))),
    observe,
  };
}
