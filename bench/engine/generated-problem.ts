import { samplePolytope } from '../../math/polytope/sampling.ts';
import { randomStream } from '../../math/random.ts';
import { encodeStudy } from '../../src/optimizer/encode.ts';
import { exactStudy } from '../problems/exact-study.ts';
import type { Problem } from '../problems/problem.ts';

const OBJECTIVE = 'gain';
const GUARDED = ['clicks', 'saves', 'stays'] as const;

/** How much a metric gains of a weight, from the least to the most. */
const LEAST_GAIN = 0.5;
const MOST_GAIN = 4;

/**
 * A study of `dimension` weights with a sum and three guardrails relative to the baseline, in which metrics want
 * different weights.
 *
 * y_m = 0.05 + 0.3 (1 − e^{−a_m·w}) e^{−2.5 |w − c_m|²}, a_m and c_m drawn once for each dimension and metric.
 */
export function generatedProblem(dimension: number): Problem {
  const names = Array.from({ length: dimension }, (_, i) => `w${i + 1}`);
  const study = exactStudy({
    name: `generated-${dimension}`,
    weights: Object.fromEntries(names.map((name) => [name, [0, 1]])),
    sum: 1,
    objective: `maximize ${OBJECTIVE}`,
    guardrails: GUARDED.map((metric) => `${metric} >= 0.97 * baseline`),
    baseline: { weights: Object.fromEntries(names.map((name) => [name, 1 / dimension])) },
  });
  const { polytope } = encodeStudy(study(0));
  const random = randomStream(0, 'bench', 'generated-problem', dimension);
  const metrics = [OBJECTIVE, ...GUARDED].map((metric) => ({
    metric,
    gains: names.map(() => LEAST_GAIN + (MOST_GAIN - LEAST_GAIN) * random.uniform()),
    centre: samplePolytope(polytope, 1, random)[0]!,
  }));
  return {
    name: `generated-${dimension}`,
    study,
    measure: (weights) =>
      Object.fromEntries(
        metrics.map(({ metric, gains, centre }) => {
          const lift = names.reduce((sum, name, i) => sum + gains[i]! * weights[name]!, 0);
          const apart = names.reduce((sum, name, i) => sum + (weights[name]! - centre[i]!) ** 2, 0);
          return [metric, 0.05 + 0.3 * (1 - Math.exp(-lift)) * Math.exp(-2.5 * apart)];
        }),
      ),
    optimum: undefined,
  };
}
