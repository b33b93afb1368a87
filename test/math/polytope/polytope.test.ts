import { expect } from 'chai';
import * as fc from 'fast-check';
import { InfeasibleConstraintsError } from '../../../math/polytope/conflict.ts';
import type { LabelledConstraint, PolytopeSpec } from '../../../math/polytope/constraint.ts';
import { contains, createPolytope, isFixed, violations, weightsAt } from '../../../math/polytope/polytope.ts';
import { projectOnto } from '../../../math/polytope/projection.ts';
import { samplePolytope } from '../../../math/polytope/sampling.ts';
import { randomStream, type Random } from '../../../math/random.ts';
import { randomSpec, simplexSpec } from './random-polytope.ts';

function conflictOf(spec: PolytopeSpec): readonly string[] {
  try {
    createPolytope(spec);
  } catch (error) {
    if (error instanceof InfeasibleConstraintsError) return error.conflict;
    throw error;
  }
  return [];
}

/** A spec with wide bounds whose uniquely labelled inequalities contradict each other more often than not. */
function contradictorySpec(
  random: Random,
): PolytopeSpec & { readonly inequalities: readonly LabelledConstraint[] } {
  const d = 2 + random.integer(4);
  return {
    names: Array.from({ length: d }, (_, i) => `w${i}`),
    lower: new Float64Array(d),
    upper: new Float64Array(d).fill(1),
    ...(random.integer(2) === 0 && { sum: 1 }),
    inequalities: Array.from({ length: 1 + random.integer(6) }, (_, i) => ({
      label: `row ${i}`,
      coefficients: Array.from({ length: d }, () => random.integer(7) - 3),
      bound: random.uniform() - 0.8,
    })),
  };
}

/** The spec without one label: bounds are opened wide, the sum and rows removed. */
function without(spec: PolytopeSpec, label: string): PolytopeSpec {
  const { sum, ...rest } = spec;
  const far = 50;
  return {
    ...rest,
    lower: spec.names.map((name, i) => (label === `${name} >= ${spec.lower[i]}` ? -far : spec.lower[i]!)),
    upper: spec.names.map((name, i) => (label === `${name} <= ${spec.upper[i]}` ? far : spec.upper[i]!)),
    ...(sum !== undefined && label !== `sum = ${sum}` && { sum }),
    inequalities: (spec.inequalities ?? []).filter((row) => row.label !== label),
  };
}

function only(spec: PolytopeSpec, labels: readonly string[]): PolytopeSpec {
  const all = createLabels(spec).filter((label) => !labels.includes(label));
  return all.reduce(without, spec);
}

function createLabels(spec: PolytopeSpec): string[] {
  return [
    ...spec.names.map((name, i) => `${name} >= ${spec.lower[i]}`),
    ...spec.names.map((name, i) => `${name} <= ${spec.upper[i]}`),
    `sum = ${spec.sum}`,
    ...(spec.inequalities ?? []).map((row) => row.label),
  ];
}

describe('createPolytope', () => {
  it('keeps the point that random constraints were built around, and every combination of the hull', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const spec = randomSpec(randomStream(seed, 'spec'), 12);
        const polytope = createPolytope(spec);
        expect(contains(polytope, spec.inside), 'the point inside').equal(true);
        expect(contains(polytope, polytope.center), 'the center').equal(true);
        expect(Math.min(1, ...polytope.h)).above(0);
        const { dimension: k, basis } = polytope;
        for (let a = 0; a < k; a++) {
          for (let b = 0; b <= a; b++) {
            let product = 0;
            for (let i = 0; i < polytope.weightCount; i++) product += basis[i * k + a]! * basis[i * k + b]!;
            expect(product).closeTo(a === b ? 1 : 0, 1e-12);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('knows the dimension, ranges and diameter of a simplex', () => {
    const polytope = createPolytope(simplexSpec(5));
    expect(polytope.dimension).equal(4);
    expect(polytope.diameter).closeTo(Math.SQRT2, 1e-12);
    expect(polytope.diameterUpperBound).closeTo(Math.sqrt(5), 1e-12);
    for (let i = 0; i < 5; i++) {
      expect(polytope.minimum[i]).closeTo(0, 1e-12);
      expect(polytope.maximum[i]).closeTo(1, 1e-12);
      expect(polytope.center[i]).closeTo(0.2, 1e-12);
    }
  });

  it('bounds the diameter by the farthest two of many points and by the ranges', () => {
    for (let seed = 0; seed < 25; seed++) {
      const polytope = createPolytope(randomSpec(randomStream(seed, 'diameter')));
      const points = samplePolytope(polytope, 40, randomStream(seed, 'points'));
      let longest = 0;
      for (const p of points)
        for (const q of points) longest = Math.max(longest, Math.hypot(...p.map((v, i) => v - q[i]!)));
      expect(longest).at.most(polytope.diameterUpperBound * (1 + 1e-9));
      expect(longest).at.most(polytope.diameter * 1.02 + 1e-9);
    }
  });

  it('promotes an inequality without slack to an equality, exactly', () => {
    const polytope = createPolytope({
      ...simplexSpec(4),
      inequalities: [{ label: 'b <= 0', coefficients: [0, 1, 0, 0], bound: 0 }],
    });
    expect(polytope.dimension).equal(2);
    expect(isFixed(polytope, 1)).equal(true);
    expect(isFixed(polytope, 0)).equal(false);
    expect(weightsAt(polytope, Float64Array.of(0.1, -0.05))[1]).equal(0);
  });

  it('promotes what only several inequalities together make flat', () => {
    const polytope = createPolytope({
      ...simplexSpec(4),
      inequalities: [
        { label: 'a + b <= 0.5', coefficients: [1, 1, 0, 0], bound: 0.5 },
        { label: 'c + d <= 0.5', coefficients: [0, 0, 1, 1], bound: 0.5 },
      ],
    });
    expect(polytope.dimension).equal(2);
  });

  it('accepts a single point', () => {
    const spec = { ...simplexSpec(3), upper: [0.2, 0.3, 0.5] };
    const polytope = createPolytope(spec);
    expect(polytope.dimension).equal(0);
    expect([...polytope.center]).deep.equal([0.2, 0.3, 0.5]);
    expect(polytope.diameter).equal(0);
    expect([...projectOnto(polytope, [1, 0, 0])]).deep.equal([0.2, 0.3, 0.5]);
  });

  it('accepts upper bounds that add up to the sum only in decimals', () => {
    const spec = { ...simplexSpec(10), upper: new Float64Array(10).fill(0.1) };
    expect(createPolytope(spec).dimension).equal(0);
  });

  it('lists what a point violates with the amounts', () => {
    const polytope = createPolytope({
      ...simplexSpec(3),
      inequalities: [{ label: 'a <= 2 b', coefficients: [1, -2, 0], bound: 0 }],
    });
    const found = violations(polytope, [0.9, 0.2, -0.3]);
    expect(found.map(({ label }) => label)).deep.equal(['c >= 0', 'sum = 1', 'a <= 2 b']);
    [0.3, 0.2, 0.5].forEach((amount, i) => expect(found[i]!.amount).closeTo(amount, 1e-12));
    expect(violations(polytope, [0.5, 0.4, NaN]).length).above(0);
  });

  it('refuses malformed specs with the value', () => {
    expect(() => createPolytope({ names: ['a'], lower: [0], upper: [Infinity] })).throw(
      RangeError,
      '"a <= Infinity"',
    );
    expect(() => createPolytope({ names: ['a', 'b'], lower: [0], upper: [1, 1] })).throw(
      RangeError,
      '1 lower',
    );
    expect(() => createPolytope({ ...simplexSpec(2), upper: [2, 2], sum: 0.1 + 0.2 })).throw(
      RangeError,
      '0.30000000000000004',
    );
  });
});

describe('InfeasibleConstraintsError', () => {
  it('names the bounds that keep the weights from their sum', () => {
    const spec = { ...simplexSpec(3), upper: [0.2, 0.3, 0.4] };
    expect(conflictOf(spec)).deep.equal(['a <= 0.2', 'b <= 0.3', 'c <= 0.4', 'sum = 1']);
  });

  it('names two rows that contradict each other and leaves out the rest', () => {
    const inequalities = [
      { label: 'a <= b - 0.1', coefficients: [1, -1, 0], bound: -0.1 },
      { label: 'c <= 0.5', coefficients: [0, 0, 1], bound: 0.5 },
      { label: 'b <= a', coefficients: [-1, 1, 0], bound: 0 },
    ];
    expect(conflictOf({ ...simplexSpec(3), inequalities })).deep.equal(['a <= b - 0.1', 'b <= a']);
  });

  it('names a lower bound above its upper bound, and a row without weights', () => {
    expect(conflictOf({ names: ['a'], lower: [2], upper: [1] })).deep.equal(['a >= 2', 'a <= 1']);
    const inequalities = [{ label: 'nothing <= -1', coefficients: [0, 0], bound: -1 }];
    expect(conflictOf({ ...simplexSpec(2), inequalities })).deep.equal(['nothing <= -1']);
  });

  it('carries an irreducible conflict: infeasible alone, feasible without any one label', () => {
    let conflicts = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const spec = contradictorySpec(randomStream(seed, 'conflict'));
        const conflict = conflictOf(spec);
        if (conflict.length === 0) return;
        conflicts++;
        expect(conflictOf(only(spec, conflict))).deep.equal(conflict);
        for (const label of conflict) expect(conflictOf(without(only(spec, conflict), label))).deep.equal([]);
      }),
      { numRuns: 150 },
    );
    expect(conflicts).above(20);
  });
});

describe('projectOnto', () => {
  it('satisfies the variational inequality against every vertex of a sample', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomStream(seed, 'projection');
        const polytope = createPolytope(randomSpec(random));
        const scale = Math.max(1, ...polytope.maximum.map(Math.abs));
        const w = polytope.center.map((value) => value + scale * random.normal());
        const projected = projectOnto(polytope, w);
        expect(contains(polytope, projected)).equal(true);
        for (const v of samplePolytope(polytope, 10, random)) {
          const product = v.reduce(
            (sum, value, i) => sum + (value - projected[i]!) * (w[i]! - projected[i]!),
            0,
          );
          expect(product).at.most(1e-9 * scale * scale);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('leaves a point inside where it is', () => {
    const polytope = createPolytope(simplexSpec(4));
    const w = [0.1, 0.2, 0.3, 0.4];
    projectOnto(polytope, w).forEach((value, i) => expect(value).closeTo(w[i]!, 1e-14));
  });
});
