import { expect } from 'chai';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Trial } from '../../src/domain/trial.ts';
import { encodeStudy, toUnitCube } from '../../src/optimizer/encode.ts';
import { gatherEvidence } from '../../src/optimizer/evidence.ts';
import { fitMetric } from '../../src/optimizer/fit-metric.ts';
import { guardrailSlack, probabilityMet } from '../../src/optimizer/guardrail-slack.ts';
import { completedTrial, smallDefinition } from './small-study-definition.ts';

const SCALES = [1e-12, 1, 1e12] as const;
const SEM = 0.01;

function studyOf(bound: number, noise: string): StudyDefinition {
  return smallDefinition({
    metrics: { gain: { noise: 'none' }, cost: { noise } },
    guardrails: [`cost >= ${bound}`],
    report: [],
  });
}

/** Trials that all measure the same cost. */
function constantTrials(n: number, cost: number, sem: number | null): readonly Trial[] {
  return Array.from({ length: n }, (_, i) => {
    const a = (i + 1) / 10;
    return {
      ...completedTrial(i + 1, { a, b: 0.1, c: 0.9 - a }, {}),
      observations: { gain: { mean: a, sem: null }, cost: { mean: cost, sem } },
    };
  });
}

/** P(feasible) at the first trial's weights and far from all. */
function probabilities(definition: StudyDefinition, trials: readonly Trial[]): readonly number[] {
  const encoding = encodeStudy(definition);
  const fits = ['gain', 'cost'].map((metric) => [metric, fitMetric(definition, trials, metric)] as const);
  const { models, bounds } = gatherEvidence(definition, trials, Object.fromEntries(fits));
  const slack = guardrailSlack(definition, encoding, trials, models, bounds[0]!);
  return [trials[0]!.weights!, { a: 0, b: 1, c: 0 }].map((weights) =>
    probabilityMet(slack, toUnitCube(encoding, weights)),
  );
}

describe('a guardrail on a metric that has been the same all the time', () => {
  for (const [what, noise, sem] of [
    ['a standard error', 'known', SEM],
    ['no noise', 'none', null],
    ['noise to infer', 'inferred', null],
  ] as const) {
    for (const n of [1, 8]) {
      it(`is met with the same probability in any unit: ${n} trials with ${what}`, () => {
        for (const [cost, bound] of [
          [3, 2.99],
          [3, 3.01],
          [-3, -3.5],
        ] as const) {
          const [small, one, large] = SCALES.map((scale) =>
            probabilities(
              studyOf(scale * bound, noise),
              constantTrials(n, scale * cost, sem === null ? null : scale * sem),
            ),
          );
          one!.forEach((probability, i) => {
            expect(small![i]).to.be.closeTo(probability, 1e-9);
            expect(large![i]).to.be.closeTo(probability, 1e-9);
          });
        }
      });
    }
  }

  it('is met nearly for sure ten standard errors above its bound, whatever the unit', () => {
    for (const scale of SCALES) {
      for (const n of [1, 8]) {
        const trials = constantTrials(n, 3 * scale, SEM * scale);
        const [there] = probabilities(studyOf((3 - 10 * SEM) * scale, 'known'), trials);
        expect(there).to.be.above(0.95);
      }
    }
  });
});
