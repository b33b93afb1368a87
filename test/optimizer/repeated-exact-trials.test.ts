import { expect } from 'chai';
import { nextCandidate } from '../../bench/races/run-study.ts';
import type { Trial } from '../../src/domain/trial.ts';
import { isMeasuredExactly } from '../../src/optimizer/training-data.ts';
import { completedTrial, smallDefinition } from './small-study-definition.ts';

/** The best is the first trial already, at a vertex. */
const POINTS = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0.4, 0.3, 0.3],
  [0.2, 0.5, 0.3],
  [0.6, 0.2, 0.2],
] as const;

function trialsWith(sem: (i: number) => number | null): readonly Trial[] {
  return POINTS.map(([a, b, c], i) => ({
    ...completedTrial(i + 1, { a, b, c }, {}),
    observations: { gain: { mean: a, sem: sem(i) } },
  }));
}

const noisyIn = (gain: string, cost: string): ReturnType<typeof smallDefinition> =>
  smallDefinition({
    metrics: { gain: { noise: gain }, cost: { noise: cost } },
    guardrails: ['cost <= 1'],
    report: ['other'],
  });
const observedWith = (gain: number | null, cost: number | null): { observations: Trial['observations'] } => ({
  observations: {
    gain: { mean: 1, sem: gain },
    cost: { mean: 1, sem: cost },
    other: { mean: 1, sem: 1 },
  },
});

describe('a trial that was measured exactly', () => {
  for (const [what, noise, sem] of [
    ['a metric without noise', 'none', () => null],
    ['a standard error of 0', 'known', () => 0],
    ['a standard error of 0, one trial with another', 'known', (i: number) => (i === 4 ? 1e-6 : 0)],
  ] as const) {
    it(`is not repeated within 1e-6 of the diameter where the model would: ${what}`, () => {
      const definition = smallDefinition({ metrics: { gain: { noise } }, report: [], seed: 2 });
      const { weights, provenance } = nextCandidate(definition, trialsWith(sem));
      expect(provenance.reason).to.match(/not too close to a pending or completed point/);
      for (const [a, b, c] of POINTS) {
        const apart = Math.hypot(weights['a']! - a, weights['b']! - b, weights['c']! - c);
        expect(apart).to.be.at.least(1e-6 * Math.SQRT2);
      }
    });
  }

  it('is one whose every modelled metric has no noise or a standard error of 0', () => {
    expect(isMeasuredExactly(noisyIn('none', 'none'), observedWith(null, 1))).to.equal(true);
    expect(isMeasuredExactly(noisyIn('known', 'none'), observedWith(0, null))).to.equal(true);
    expect(isMeasuredExactly(noisyIn('known', 'known'), observedWith(0, 0))).to.equal(true);
    expect(isMeasuredExactly(noisyIn('known', 'known'), observedWith(0, 0.1))).to.equal(false);
    expect(isMeasuredExactly(noisyIn('known', 'none'), observedWith(null, null))).to.equal(false);
    expect(isMeasuredExactly(noisyIn('inferred', 'none'), observedWith(0, null))).to.equal(false);
  });
});
