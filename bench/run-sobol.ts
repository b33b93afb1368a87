import { randomStream } from '../math/random.ts';
import { scrambledSobol } from '../math/sobol.ts';
import type { StudyDefinition } from '../src/domain/study.ts';
import type { Trial } from '../src/domain/trial.ts';
import { outsideCandidate } from './outside-candidate.ts';
import type { Measure } from './problems/problem.ts';
import { completed, exactly, measuredBaseline, running } from './run-study.ts';
import { unitParameters } from './unit-parameters.ts';

/** The study with candidates that learn nothing: scrambled Sobol points, in the simplex by stick-breaking. */
export function runSobol(
  definition: StudyDefinition,
  measure: Measure,
  candidates: number,
): readonly Trial[] {
  const { dimension, toWeights } = unitParameters(definition);
  const points = scrambledSobol(candidates, dimension, randomStream(definition.seed, 'bench', 'sobol'));
  const chosen = Array.from({ length: candidates }, (_, i) => {
    const weights = toWeights([...points.subarray(i * dimension, (i + 1) * dimension)]);
    return completed(running(i + 1, outsideCandidate(weights, 'Sobol')), exactly(measure(weights)));
  });
  return [...measuredBaseline(definition, measure), ...chosen];
}
