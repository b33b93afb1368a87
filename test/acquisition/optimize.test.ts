import { expect } from 'chai';
import * as fc from 'fast-check';
import { chainGradient, encode, unitCubeEncoding } from '../../acquisition/encoding.ts';
import {
  chooseCandidate,
  criterionOfWeights,
  type Criterion,
  type SearchContext,
} from '../../acquisition/optimize.ts';
import { directionDistance, isSeparated, weightDistance } from '../../acquisition/separation.ts';
import { contains, createPolytope, violations } from '../../math/polytope/polytope.ts';
import { randomStream } from '../../math/random.ts';
import { randomSpec, simplexSpec } from '../math/polytope/random-polytope.ts';

/** Two bumps on the cube, the second lower and wider. */
const twoBumps: Criterion = (x, gradient) => {
  gradient.fill(0);
  const bump = (height: number, width: number, peak: (j: number) => number): number => {
    let squared = 0;
    for (let j = 0; j < x.length; j++) squared += (x[j]! - peak(j)) ** 2;
    const value = height * Math.exp(-squared / width);
    for (let j = 0; j < x.length; j++) gradient[j]! -= (2 * value * (x[j]! - peak(j))) / width;
    return value;
  };
  return bump(1, 0.05, (j) => (j === 0 ? 0.7 : 0.1)) + bump(0.6, 0.1, (j) => (j === 1 ? 0.7 : 0.1));
};

/** Best on the edge where the second weight is 0. */
const ridge: Criterion = (x, gradient) => {
  gradient[0] = -2 * (x[0]! - 0.5);
  gradient[1] = -1;
  return -((x[0]! - 0.5) ** 2) - x[1]!;
};

/** Of a hill in nats: a climb that promises 0.05 of them is within 1e-2 of its top. */
const STEEPNESS = 1e4;

function context(seed: number, more: Partial<SearchContext> = {}): SearchContext {
  return {
    incumbents: [],
    pending: [],
    completedNoiseFree: [],
    random: randomStream(seed, 'optimize'),
    ...more,
  };
}

describe('chooseCandidate', () => {
  const polytope = createPolytope(simplexSpec(4));

  it('finds the highest of several maxima and says that a climb did', () => {
    const { w, value, generator, reason, optima } = chooseCandidate(polytope, twoBumps, context(1));
    [0.7, 0.1, 0.1, 0.1].forEach((expected, i) => expect(w[i]).closeTo(expected, 0.01));
    expect(value).closeTo(optima[0]!.value, 1e-9);
    expect(generator).equal('criterion-maximum');
    expect(reason).equal('best of 6 climbs');
    optima.slice(1).forEach((optimum, i) => expect(optimum.value).at.most(optima[i]!.value));
  });

  it('passes over a maximum that is pending, and takes the next', () => {
    const { w } = chooseCandidate(polytope, twoBumps, context(1));
    const next = chooseCandidate(polytope, twoBumps, context(1, { pending: [w] }));
    expect(next.generator).equal('criterion-maximum');
    expect(next.reason).match(/rank [2-6]/);
    expect(weightDistance(polytope).between(next.w, w)).at.least(1e-3 * polytope.diameter);
    expect(next.w[1]).closeTo(0.7, 0.05);
  });

  it('takes the best sample and says so when every maximum is taken', () => {
    const peak = [0.4, 0.3, 0.2, 0.1];
    const hill: Criterion = (x, gradient) => {
      x.forEach((value, j) => (gradient[j] = -2 * STEEPNESS * (value - peak[j]!)));
      return -STEEPNESS * x.reduce((sum, value, j) => sum + (value - peak[j]!) ** 2, 0);
    };
    const completed = chooseCandidate(polytope, hill, context(3, { completedNoiseFree: [peak] }));
    expect(completed.generator).equal('uniform-sample');
    expect(completed.reason).equal('all 6 climbs ended too close to a pending or completed point');
    expect(weightDistance(polytope).between(completed.w, peak)).within(1e-6, 0.3);
  });

  it('takes a sample and says so where the criterion is nowhere finite', () => {
    const { generator, reason, w } = chooseCandidate(polytope, () => NaN, context(4));
    expect({ generator, reason }).deep.equal({
      generator: 'uniform-sample',
      reason: 'the criterion was finite at no start',
    });
    expect(contains(polytope, w)).equal(true);
  });

  it('climbs from the neighbourhood of an incumbent into a basin too small for samples', () => {
    const incumbent = [0.31, 0.42, 0.07, 0.2];
    const needle: Criterion = (x, gradient) => {
      const squared = x.reduce((sum, value, j) => sum + (value - incumbent[j]!) ** 2, 0);
      const value = Math.exp(-squared / 2e-4);
      x.forEach((entry, j) => (gradient[j] = (-value * 2 * (entry - incumbent[j]!)) / 2e-4));
      return value;
    };
    expect(chooseCandidate(polytope, needle, context(5, { incumbents: [incumbent] })).value).closeTo(1, 1e-6);
  });

  it('gives the same candidate for the same stream, whatever the polytope, within its constraints', () => {
    for (let seed = 0; seed < 15; seed++) {
      const cut = createPolytope(randomSpec(randomStream(seed, 'spec'), 6));
      if (cut.dimension === 0) continue;
      const a = chooseCandidate(cut, twoBumps, context(seed));
      expect(violations(cut, a.w)).deep.equal([]);
      expect(chooseCandidate(cut, twoBumps, context(seed)).w).deep.equal(a.w);
    }
  });
});

describe('separation', () => {
  const box = createPolytope({ names: ['a', 'b'], lower: [0, 0], upper: [1, 1] });

  it('measures weights, or directions alone', () => {
    expect(weightDistance(box)).to.include({ unit: box.diameter });
    expect(weightDistance(box).between([0.1, 0.2], [0.4, 0.6])).closeTo(0.5, 1e-15);
    expect(directionDistance(box).between([0.1, 0.2], [0.4, 0.8])).closeTo(0, 1e-15);
    expect(directionDistance(box).between([1, 0], [0, 0.5])).closeTo(Math.SQRT2, 1e-15);
    expect(directionDistance(box).unit).equal(Math.SQRT2);
    const far = createPolytope({ names: ['a', 'b'], lower: [10, 10], upper: [11, 11] });
    expect(directionDistance(far).unit).within(0.09, 0.11);
  });

  it('is 1e-3 of the diameter from what is pending and 1e-6 from what is known, to 1 %', () => {
    const distance = weightDistance(box);
    const other = [0.5, 0.5];
    for (const [neighbours, share] of [
      [{ pending: [other], completedNoiseFree: [] }, 1e-3],
      [{ pending: [], completedNoiseFree: [other] }, 1e-6],
    ] as const) {
      const at = (shares: number): Float64Array => Float64Array.of(0.5, 0.5 + shares * share * Math.SQRT2);
      expect(isSeparated(distance, at(0.5), neighbours)).equal(false);
      expect(isSeparated(distance, at(0.99), neighbours)).equal(false);
      expect(isSeparated(distance, at(1.01), neighbours)).equal(true);
    }
  });

  it('lets a known point block only itself, not the whole ray through it', () => {
    const known = { completedNoiseFree: [[0.9, 0]] };
    const byWeights = chooseCandidate(box, ridge, context(6, known));
    expect(byWeights.w[0]).closeTo(0.5, 1e-3);
    expect(byWeights.w[1]).equal(0);
    const byDirection = chooseCandidate(
      box,
      ridge,
      context(6, { ...known, distance: directionDistance(box) }),
    );
    expect(byDirection.w[1]).greaterThan(0);
  });

  it('asks more distance of pending points than of completed ones', () => {
    const simplex = createPolytope(simplexSpec(2));
    const near = [0.5 + 1e-4, 0.5 - 1e-4];
    const w = Float64Array.of(0.5, 0.5);
    const distance = weightDistance(simplex);
    expect(isSeparated(distance, w, { pending: [near], completedNoiseFree: [] })).equal(false);
    expect(isSeparated(distance, w, { pending: [], completedNoiseFree: [near] })).equal(true);
    expect(isSeparated(distance, w, { pending: [], completedNoiseFree: [[...w]] })).equal(false);
  });
});

describe('unitCubeEncoding', () => {
  const polytope = createPolytope({ names: ['a', 'fixed', 'b'], lower: [1, 2, -1], upper: [5, 2, 1] });

  it('scales the free weights by their ranges and leaves out the fixed', () => {
    const encoding = unitCubeEncoding(polytope);
    const x = new Float64Array(2);
    encode(encoding, [2, 2, 0], x);
    expect([...x]).deep.equal([0.25, 0.5]);
    const gradient = new Float64Array(3).fill(9);
    chainGradient(encoding, Float64Array.of(4, 6), gradient);
    expect([...gradient]).deep.equal([1, 0, 3]);
  });

  it('chains gradients that are the differences of the criterion', () => {
    const f = criterionOfWeights(twoBumps, unitCubeEncoding(polytope));
    const inside = fc.double({ min: 0.1, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(inside, inside, (a, b) => {
        const w = Float64Array.of(1 + 4 * a, 2, 2 * b - 1);
        const gradient = new Float64Array(3);
        const ignored = new Float64Array(3);
        f(w, gradient);
        for (let i = 0; i < 3; i++) {
          const bump = (by: number) =>
            f(
              w.map((value, j) => (j === i ? value + by : value)),
              ignored,
            );
          expect(gradient[i]).closeTo((bump(1e-6) - bump(-1e-6)) / 2e-6, 1e-7);
        }
      }),
    );
  });
});
