import { expect } from 'chai';
import { maximizeLinear } from '../../../math/linear-program.ts';
import type { PolytopeSpec } from '../../../math/polytope/constraint.ts';
import { createPolytope, type Polytope } from '../../../math/polytope/polytope.ts';
import { randomStream, type Random } from '../../../math/random.ts';
import { mean } from '../../../math/statistics.ts';

/** Ranges around shares that add up to 1, cut by inequalities near them. */
function cutRanges(random: Random, d: number, cuts: number): PolytopeSpec {
  const raw = Array.from({ length: d }, () => random.uniform());
  const total = raw.reduce((a, b) => a + b, 0);
  const center = raw.map((value) => value / total);
  return {
    names: center.map((_, i) => `w${i}`),
    lower: center.map((value) => Math.max(0, value - 0.5 * random.uniform())),
    upper: center.map((value) => value + 0.5 * random.uniform()),
    sum: 1,
    equalities: [],
    inequalities: Array.from({ length: cuts }, (_, k) => {
      const coefficients = center.map(() => 2 * random.uniform() - 1);
      const there = coefficients.reduce((sum, a, i) => sum + a * center[i]!, 0);
      return { label: `cut ${k}`, coefficients, bound: there + 0.3 * random.uniform() };
    }),
  };
}

function longestDistance(points: readonly Float64Array[]): number {
  let longest = 0;
  for (const p of points) {
    for (const q of points) {
      let sum = 0;
      for (let j = 0; j < p.length; j++) sum += (p[j]! - q[j]!) ** 2;
      longest = Math.max(longest, sum);
    }
  }
  return Math.sqrt(longest);
}

/** Where maxima of random linear functions lie. */
function randomVertices({ dimension, G, h }: Polytope, count: number, random: Random): Float64Array[] {
  return Array.from({ length: count }, () => {
    const direction = Float64Array.from({ length: dimension }, () => random.normal());
    return maximizeLinear(direction, G, h).x;
  });
}

/** Every vertex of a polygon: where two of its edges' lines meet inside all others. */
function verticesOfPolygon({ G, h }: Polytope): Float64Array[] {
  const found: Float64Array[] = [];
  for (let r = 0; r < h.length; r++) {
    for (let s = 0; s < r; s++) {
      const [a, b, c, d] = [G[2 * r]!, G[2 * r + 1]!, G[2 * s]!, G[2 * s + 1]!];
      const determinant = a * d - b * c;
      if (Math.abs(determinant) < 1e-9) continue;
      const x = (d * h[r]! - b * h[s]!) / determinant;
      const y = (a * h[s]! - c * h[r]!) / determinant;
      if (h.every((bound, k) => G[2 * k]! * x + G[2 * k + 1]! * y <= bound + 1e-9)) {
        found.push(Float64Array.of(x, y));
      }
    }
  }
  return found;
}

describe('the diameter of a polytope', () => {
  for (const [what, mostCuts, least] of [
    ['ranges and a sum', 0, 0.999],
    ['ranges, a sum and up to seven inequalities', 7, 0.999],
  ] as const) {
    it(`is no less than 0.98 of the distance of any two of 400 vertices: ${what}`, () => {
      const ratios: number[] = [];
      for (let seed = 0; seed < 60; seed++) {
        const random = randomStream(seed, 'diameter');
        const d = 3 + random.integer(10);
        const polytope = createPolytope(cutRanges(random, d, random.integer(mostCuts + 1)));
        const longest = longestDistance(randomVertices(polytope, 400, random));
        ratios.push(polytope.diameter / longest);
        expect(polytope.diameter).at.most(polytope.diameterUpperBound * (1 + 1e-12));
      }
      expect(Math.min(...ratios)).at.least(0.98);
      expect(mean(Float64Array.from(ratios))).at.least(least);
    });
  }

  it('is that of a box and of a simplex of up to 20 weights', () => {
    for (const d of [1, 2, 3, 7, 8, 9, 20]) {
      const names = Array.from({ length: d }, (_, i) => `w${i}`);
      const upper = Float64Array.from({ length: d }, (_, i) => 1 + i);
      const box = { names, lower: new Float64Array(d), upper, equalities: [], inequalities: [] };
      expect(createPolytope(box).diameter / Math.hypot(...upper)).closeTo(1, 1e-12);
      if (d > 1) expect(createPolytope({ ...box, sum: 1 }).diameter).closeTo(Math.SQRT2, 1e-12);
    }
  });

  it('is that of a polygon, and never more', () => {
    let polygons = 0;
    for (let seed = 0; seed < 200; seed++) {
      const random = randomStream(seed, 'polygon');
      const polytope = createPolytope(cutRanges(random, 3, random.integer(8)));
      if (polytope.dimension !== 2) continue;
      polygons++;
      const ratio = polytope.diameter / longestDistance(verticesOfPolygon(polytope));
      expect(ratio).at.most(1 + 1e-9);
      expect(ratio).at.least(0.98);
    }
    expect(polygons).at.least(150);
  });
});
