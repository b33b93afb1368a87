import { randomStream } from '../../math/random.ts';
import { scrambledSobol } from '../../math/sobol.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import { candidateTrials, type Trial } from '../../src/domain/trial.ts';
import type { Candidate } from '../../src/optimizer/candidate.ts';
import { outsideCandidate } from './outside-candidate.ts';
import type { Measure } from '../problems/problem.ts';
import { completed, exactly, measuredBaseline, running } from './run-study.ts';
import { unitParameters } from './unit-parameters.ts';

/** Candidates that learn nothing: scrambled Sobol points of the study's seed, in the simplex by stick-breaking. */
export function sobolCandidates(definition: StudyDefinition, count: number): readonly Candidate[] {
  const { dimension, toWeights } = unitParameters(definition);
  const points = scrambledSobol(count, dimension, randomStream(definition.seed, 'bench', 'sobol'));
  return Array.from({ length: count }, (_, i) =>
    outsideCandidate(toWeights([...points.subarray(i * dimension, (i + 1) * dimension)]), 'Sobol'),
  );
}

/** The next of them after the trials of a study. */
export function nextSobolBatch(
  definition: StudyDefinition,
  trials: readonly Trial[],
  count: number,
): readonly Candidate[] {
  const before = candidateTrials(trials).length;
  return sobolCandidates(definition, before + count).slice(before);
}

/** The study with Sobol candidates. */
export function runSobol(
  definition: StudyDefinition,
  measure: Measure,
  candidates: number,
): readonly Trial[] {
  const chosen = sobolCandidates(definition, candidates).map((candidate, i) =>
    completed(running(i + 1, candidate), exactly(measure(candidate.weights))),
  );
  return [...measuredBaseline(definition, measure), ...chosen];
}
