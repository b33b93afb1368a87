import { expect } from 'chai';
import { contains } from '../../../math/polytope/polytope.ts';
import { randomStream } from '../../../math/random.ts';
import type { Weights } from '../../../src/domain/trial.ts';
import { firstRoundArms } from '../../../src/online/arms/first-round-arms.ts';
import { spreadLogged } from '../../../src/online/arms/spread-logged.ts';
import { encodeStudy, toVector } from '../../../src/optimizer/encode.ts';
import { BASELINE_WEIGHTS, WORLD_STUDY } from './online-world.ts';

const encoding = encodeStudy(WORLD_STUDY);

function distance(one: Weights, other: Weights): number {
  return Math.hypot(...Object.keys(one).map((name) => one[name]! - other[name]!));
}

function nearest(arms: readonly Weights[]): number {
  const pairs = arms.flatMap((arm, i) => arms.slice(0, i).map((other) => distance(arm, other)));
  return Math.min(...pairs);
}

const filter = (least: number) => ({
  least,
  feasibilityOf: (points: readonly Weights[]) => points.map(({ a }) => 1 - a!),
});

describe('firstRoundArms', () => {
  it('fill the polytope far from each other and from the baseline, by seed alone', () => {
    const arms = firstRoundArms(WORLD_STUDY, 6, 1, [BASELINE_WEIGHTS], []);
    expect(arms).to.have.lengthOf(6);
    for (const { weights, generator } of arms) {
      expect(generator).to.equal('space_filling');
      expect(contains(encoding.polytope, toVector(encoding, weights))).to.equal(true);
    }
    // Seven points at least 0.39 apart: a maximin design of a triangle of side √2 reaches 0.47 by hand (its corners, middles of its sides, its centre).
    expect(nearest([BASELINE_WEIGHTS, ...arms.map(({ weights }) => weights)])).to.be.above(0.35);
    expect(firstRoundArms(WORLD_STUDY, 6, 1, [BASELINE_WEIGHTS], [])).to.deep.equal(arms);
    expect(firstRoundArms(WORLD_STUDY, 6, 2, [BASELINE_WEIGHTS], [])).to.not.deep.equal(arms);
  });

  it('have what the log promises in place of their last', () => {
    const filling = firstRoundArms(WORLD_STUDY, 4, 1, [BASELINE_WEIGHTS], []);
    const promised = [
      { weights: { a: 0.6, b: 0.2, c: 0.2 }, generator: 'promised_by_log', reason: 'one' },
      { weights: { a: 0.5, b: 0.3, c: 0.2 }, generator: 'promised_by_log', reason: 'two' },
    ] as const;
    const arms = firstRoundArms(WORLD_STUDY, 4, 1, [BASELINE_WEIGHTS], promised);
    expect(arms.slice(0, 2)).to.deep.equal(filling.slice(0, 2));
    expect(arms.slice(2)).to.deep.equal(promised);
  });

  it('pass a filter, or are refused where too few do', () => {
    const arms = firstRoundArms(WORLD_STUDY, 5, 1, [BASELINE_WEIGHTS], [], filter(0.7));
    expect(arms.map(({ weights }) => weights['a']! <= 0.3 + 1e-9)).to.deep.equal(Array(5).fill(true));
    expect(() => firstRoundArms(WORLD_STUDY, 5, 1, [BASELINE_WEIGHTS], [], filter(1))).to.throw(
      /^0 of 600 random weights have a P\(feasible\) of at least 1 by the models of the trials: expected 5/,
    );
  });
});

describe('spreadLogged', () => {
  const logged = Array.from({ length: 30 }, (_, i) => ({
    weights:
      i < 25
        ? { a: 0.5 + i * 1e-4, b: 0.25, c: 0.25 - i * 1e-4 }
        : { a: 0.1 * (i - 25), b: 0, c: 1 - 0.1 * (i - 25) },
    metrics: {},
  }));

  it('keeps the first and those far apart, in their order', () => {
    const kept = spreadLogged(WORLD_STUDY, logged, 6);
    expect(kept.map((each) => logged.indexOf(each))).to.deep.equal([0, 25, 26, 27, 28, 29]);
  });

  it('leaves nothing farther from what it keeps than that is apart, and alike ones to the last', () => {
    const random = randomStream(4, 'spread');
    const many = Array.from({ length: 80 }, (_, i) => ({
      weights:
        i % 4 === 0 ? { a: 0.2, b: 0.2, c: 0.6 } : { a: random.uniform(), b: random.uniform(), c: 0.5 },
      metrics: {},
    }));
    const kept = spreadLogged(WORLD_STUDY, many, 20).map(({ weights }) => weights);
    expect(kept).to.have.lengthOf(20);
    const left = many.map(({ weights }) => weights).filter((weights) => !kept.includes(weights));
    const covered = Math.max(
      ...left.map((weights) => Math.min(...kept.map((other) => distance(weights, other)))),
    );
    expect(covered).to.be.at.most(nearest(kept));
    expect(kept.filter(({ c }) => c === 0.6)).to.have.lengthOf(1);
    const alike = many.filter(({ weights }) => weights.c === 0.6);
    expect(spreadLogged(WORLD_STUDY, alike, 3)).to.have.lengthOf(3);
  });

  it('keeps all that are few enough', () => {
    expect(spreadLogged(WORLD_STUDY, logged, 30)).to.equal(logged);
  });
});
