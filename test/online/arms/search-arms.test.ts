import { expect } from 'chai';
import { samplePolytope } from '../../../math/polytope/sampling.ts';
import { randomStream } from '../../../math/random.ts';
import { nextArms } from '../../../src/online/arms/next-arms.ts';
import { searchArms } from '../../../src/online/arms/search-arms.ts';
import { chooseArms } from '../../../src/online/transfer/choose-arms.ts';
import type { LiftSamples } from '../../../src/online/transfer/lift-guardrail.ts';
import { drawLifts } from '../../../src/online/transfer/lift-models.ts';
import { onlineModels } from '../../../src/online/transfer/online-models.ts';
import { encodeStudy, toVector } from '../../../src/optimizer/encode.ts';
import { BASELINE_WEIGHTS, EVIDENCE, SOME_ARMS, WORLD_STUDY } from './online-world.ts';

const encoding = encodeStudy(WORLD_STUDY);
const { lifts } = onlineModels(WORLD_STUDY, EVIDENCE);
const tested = SOME_ARMS.map((weights) => toVector(encoding, weights));
const baseline = toVector(encoding, BASELINE_WEIGHTS);
const search = { lifts, guardrails: lifts.guardrails, tested, baseline, rule: chooseArms };

/** The pair of candidates with the largest sum of marginal gains, the first chosen alone: straight from the definition. */
function greedyPair(samples: LiftSamples, candidates: readonly number[]): readonly number[] {
  const { count, points, metrics } = samples;
  const [saves, clicks] = [metrics[lifts.objective]!, metrics[1 - lifts.objectiveModel]!];
  const valueOf = (s: number, i: number): number =>
    clicks[s * points + i]! >= -0.03 ? saves[s * points + i]! : -Infinity;
  const worth = (arms: readonly number[]): number => {
    let sum = 0;
    for (let s = 0; s < count; s++) {
      sum += Math.max(0, ...[...tested.keys(), ...arms].map((i) => valueOf(s, i)));
    }
    return sum / count;
  };
  const best = (before: readonly number[]): number =>
    candidates.reduce((most, i) => (worth([...before, i]) > worth([...before, most]) ? i : most));
  const first = best([]);
  return [first, best([first])];
}

describe('the search for arms', () => {
  it('chooses, of few candidates, what the definition of the batch rule says', () => {
    for (let seed = 0; seed < 5; seed++) {
      const random = randomStream(seed, 'few candidates');
      const points = [...tested, ...samplePolytope(encoding.polytope, 6, random)];
      const samples = drawLifts(lifts, points, 200, random);
      const candidates = [...points.keys()].slice(tested.length);
      const chosen = chooseArms(samples, lifts.objective, lifts.guardrails, tested.length, 2);
      expect(chosen).to.deep.equal(greedyPair(samples, candidates).slice(0, chosen.length));
      expect(chosen.length).to.be.at.least(1);
    }
  });

  it('names arms that are neither tested nor the baseline, the same by its stream', () => {
    const arms = searchArms(search, 4, randomStream(1, 'search'));
    expect(arms).to.have.lengthOf(4);
    const known = [baseline, ...tested].map((point) => point.join());
    for (const arm of arms) expect(known).to.not.include(arm.join());
    expect(searchArms(search, 4, randomStream(1, 'search'))).to.deep.equal(arms);
  });

  it('ends where nothing can be chosen, and the round is filled far from all arms', () => {
    const never = lifts.guardrails.map((guardrail) => ({ ...guardrail, bound: 5 }));
    expect(searchArms({ ...search, guardrails: never }, 3, randomStream(1, 'search'))).to.deep.equal([]);
    const hopeless = { ...search, lifts: { ...lifts, guardrails: never } };
    const noise = lifts.models.map(() => ({ arm: 1e-4, control: 1e-4 }));
    const next = { ...hopeless, generator: 'noisy_expected_improvement', noise, confidence: 0.95 } as const;
    const { gaining, filling } = nextArms(next, 3, randomStream(2, 'search'));
    expect(gaining).to.deep.equal([]);
    expect(nextArms({ ...next, generator: 'thompson' }, 3, randomStream(2, 'search')).gaining).to.deep.equal(
      [],
    );
    expect(filling).to.have.lengthOf(3);
    const all = [baseline, ...tested, ...filling];
    const apart = filling.map((one) =>
      Math.min(
        ...all
          .filter((other) => other !== one)
          .map((other) => Math.hypot(...one.map((value, k) => value - other[k]!))),
      ),
    );
    // Eight points of a triangle whose sides are √2.
    expect(Math.min(...apart)).to.be.above(0.2);
  });
});
