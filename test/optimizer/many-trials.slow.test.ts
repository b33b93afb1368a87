import { expect } from 'chai';
import { fitted } from '../../bench/races/run-study.ts';
import { randomStream } from '../../math/random.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Trial, Weights } from '../../src/domain/trial.ts';
import { contains } from '../../math/polytope/polytope.ts';
import { samplePolytope } from '../../math/polytope/sampling.ts';
import { roundToPolytope } from '../../math/polytope/rounding.ts';
import { bestTrial } from '../../src/optimizer/best-trial.ts';
import { encodeStudy, toVector, toWeights } from '../../src/optimizer/encode.ts';
import { metricModels } from '../../src/optimizer/metric-models.ts';
import { propose } from '../../src/optimizer/propose.ts';
import { completedTrial, smallDefinition } from './small-study-definition.ts';

/** As many as a study may have. */
const TRIALS = 2000;
const NOISE_STDDEV = 0.05;
/** How far from the best gain a candidate may be: many times the model's error there, NOISE_STDDEV/√(hundreds near it). */
const NEAR = 0.05;

const gain = ({ a, b, c }: Weights): number => 1 - (a! - 0.5) ** 2 - 2 * (b! - 0.3) ** 2 - (c! - 0.2) ** 2;

/** Trials spread evenly, of which every tenth repeats one before it. */
function trialsOf(definition: StudyDefinition, noiseStddev: number): readonly Trial[] {
  const encoding = encodeStudy(definition);
  const random = randomStream(1, 'many-trials');
  const points = samplePolytope(encoding.polytope, TRIALS, random);
  return points.map((_, i) => {
    const w = roundToPolytope(encoding.polytope, points[i % 10 === 9 ? i - 9 : i]!);
    const weights = toWeights(encoding, w);
    return {
      ...completedTrial(i + 1, weights, {}),
      observations: {
        gain: { mean: gain(weights) + noiseStddev * random.normal(), sem: null },
        cost: { mean: 1 + weights['a']! - weights['b']! / 2 + noiseStddev * random.normal(), sem: null },
      },
    };
  });
}

describe('a study of 2,000 trials', () => {
  for (const [noise, noiseStddev] of [
    ['none', 0],
    ['inferred', NOISE_STDDEV],
  ] as const) {
    it(`proposes near its optimum, inside, and the same twice: noise ${noise}`, () => {
      const definition = smallDefinition({
        constraints: ['a <= 2 * b'],
        guardrails: ['cost <= 1.4'],
        metrics: { gain: { noise }, cost: { noise } },
      });
      const trials = trialsOf(definition, noiseStddev);
      const hyperparameters = fitted(definition, trials);
      const encoding = encodeStudy(definition);
      const { weights } = propose(definition, trials, hyperparameters);
      expect(contains(encoding.polytope, toVector(encoding, weights))).to.equal(true);
      expect(gain(weights)).to.be.closeTo(1, NEAR);
      expect(propose(definition, trials, hyperparameters).weights).to.deep.equal(weights);
      const models = metricModels(definition, encoding, trials, hyperparameters);
      const best = bestTrial(definition, trials, models)!;
      expect(best.feasible).to.equal(true);
      expect(gain(best.weights)).to.be.closeTo(1, NEAR);
    });
  }
});
