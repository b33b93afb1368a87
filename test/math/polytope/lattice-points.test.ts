import { expect } from 'chai';
import { nearestLatticePoints } from '../../../math/polytope/lattice-points.ts';
import { contains, createPolytope, isFixed, type Polytope } from '../../../math/polytope/polytope.ts';
import { samplePolytope } from '../../../math/polytope/sampling.ts';
import { randomStream } from '../../../math/random.ts';
import { simplexSpec } from './random-polytope.ts';

/** All multiples of the step in the polytope by trying every combination, nearest first. */
function bruteForce(polytope: Polytope, w: Float64Array, step: number): readonly number[][] {
  let points: number[][] = [[]];
  for (let i = 0; i < polytope.weightCount; i++) {
    const values: number[] = [];
    if (isFixed(polytope, i)) values.push(polytope.center[i]!);
    else
      for (let m = -1; m * step <= polytope.upper[i]! + step; m++)
        values.push(Number((m * step).toFixed(10)));
    points = points.flatMap((point) => values.map((value) => [...point, value]));
  }
  return points
    .filter((point) => contains(polytope, point))
    .toSorted((a, b) => distance(a, w) - distance(b, w));
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

const SPECS = {
  'a simplex': simplexSpec(4),
  'a simplex with a linear constraint and narrow ranges': {
    ...simplexSpec(4),
    lower: [0.1, 0, 0.05, 0],
    upper: [0.6, 0.35, 1, 0.5],
    inequalities: [{ label: 'b <= 2c', coefficients: [0, 1, -2, 0], bound: 0 }],
  },
  'a fixed weight beside the rest of the sum': {
    ...simplexSpec(4),
    lower: [0.15, 0, 0, 0],
    upper: [0.15, 1, 1, 1],
  },
  'a box without a sum': { names: ['a', 'b', 'c'], lower: [0, 0.2, 0], upper: [1, 0.9, 0.5] },
  'an equality besides the sum': {
    ...simplexSpec(4),
    equalities: [{ label: 'a + b == 0.5', coefficients: [1, 1, 0, 0], bound: 0.5 }],
  },
};

describe('nearestLatticePoints', () => {
  for (const [what, spec] of Object.entries(SPECS)) {
    it(`has the nearest multiples of the step in ${what}`, () => {
      const polytope = createPolytope(spec);
      const random = randomStream(3, what);
      for (const step of [0.05, 0.1]) {
        for (const w of samplePolytope(polytope, 5, random)) {
          const expected = bruteForce(polytope, w, step);
          for (const count of [1, 7, 10_000]) {
            const found = nearestLatticePoints(polytope, w, step, count);
            expect(found).to.have.length(Math.min(count, expected.length));
            for (const [i, point] of found.entries()) {
              expect(distance(point, w)).to.be.closeTo(distance(expected[i]!, w), 1e-12);
            }
            const keys = new Set(found.map((point) => [...point].map((x) => x.toFixed(9)).join()));
            expect(keys.size).to.equal(found.length);
          }
        }
      }
    });
  }

  it('writes multiples as decimals, without the digits of a multiplication', () => {
    const polytope = createPolytope(simplexSpec(3));
    const [point] = nearestLatticePoints(polytope, [0.149, 0.151, 0.7], 0.05, 1);
    expect([...point!]).to.deep.equal([0.15, 0.15, 0.7]);
  });

  it('is empty where no multiple meets the sum or the constraints', () => {
    const polytope = createPolytope(simplexSpec(3));
    expect(nearestLatticePoints(polytope, [0.3, 0.3, 0.4], 0.3, 5)).to.deep.equal([]);
    const narrow = createPolytope({ ...simplexSpec(3), lower: [0.11, 0, 0], upper: [0.14, 1, 1] });
    expect(nearestLatticePoints(narrow, [0.12, 0.4, 0.48], 0.05, 5)).to.deep.equal([]);
  });

  it('finds its hundred points among twenty weights in good time', () => {
    const polytope = createPolytope(simplexSpec(20));
    const [w] = samplePolytope(polytope, 1, randomStream(5, 'twenty'));
    const start = performance.now();
    const found = nearestLatticePoints(polytope, w!, 0.05, 100);
    expect(performance.now() - start).to.be.lessThan(5000);
    expect(found).to.have.length(100);
    for (const point of found) expect(contains(polytope, point)).to.equal(true);
  });

  it('refuses a step that is not positive, or finer than the decimals of weights', () => {
    const polytope = createPolytope(simplexSpec(3));
    for (const step of [0, -0.1, 1e-15]) {
      expect(() => nearestLatticePoints(polytope, [0.3, 0.3, 0.4], step, 5)).to.throw(RangeError, 'the step');
    }
  });
});
