import { expect } from 'chai';
import type { PolytopeSpec } from '../../../math/polytope/constraint.ts';
import { createPolytope, type Polytope } from '../../../math/polytope/polytope.ts';
import { samplePolytope } from '../../../math/polytope/sampling.ts';
import { randomStream } from '../../../math/random.ts';
import { spaceFillingDesign } from '../../../math/polytope/space-filling-design.ts';

const SAMPLES = 10_000;
/** Samples whose extremes are one observation; those are far enough apart to be independent. */
const GROUP = 50;
const DESIGNS = 100;
const DESIGNED = 6;
/** Of the difference of two means: 1 in 150,000 a check. */
const STANDARD_ERRORS = 4.5;

/** No weight is like another, and the sum could be used to remove any of them. */
const SPECS: Readonly<Record<string, PolytopeSpec>> = {
  'a simplex above lower bounds': {
    names: ['a', 'b', 'c', 'd'],
    lower: [0, 0.05, 0.1, 0.2],
    upper: [1, 1, 1, 1],
    sum: 1,
  },
  'a simplex cut by ranges and an inequality': {
    names: ['a', 'b', 'c', 'd', 'e'],
    lower: [0, 0.05, 0, 0.1, 0],
    upper: [1, 0.6, 0.3, 1, 0.2],
    sum: 1,
    inequalities: [{ label: 'a <= 2 b', coefficients: [1, -2, 0, 0, 0], bound: 0 }],
  },
  'a simplex cut by an equality': {
    names: ['a', 'b', 'c', 'd', 'e'],
    lower: [0, 0, 0, 0, 0],
    upper: [1, 1, 1, 1, 1],
    sum: 1,
    equalities: [{ label: 'a = 2 b + c', coefficients: [1, -2, -1, 0, 0], bound: 0 }],
  },
  'a box cut by an inequality': {
    names: ['a', 'b', 'c', 'd'],
    lower: [0, 0, -1, 2],
    upper: [1, 10, 1, 3],
    inequalities: [{ label: 'b <= 4 a + 3 d', coefficients: [-4, 1, 0, -3], bound: 0 }],
  },
};

/** The same polytope with its weights named in another order, last first and then the first two exchanged. */
function orderOf(spec: PolytopeSpec): readonly number[] {
  const reversed = spec.names.map((_, i) => i).reverse();
  return [reversed[1]!, reversed[0]!, ...reversed.slice(2)];
}

function permuted(spec: PolytopeSpec, order: readonly number[]): PolytopeSpec {
  const reordered = (values: ArrayLike<number>): number[] => order.map((i) => values[i]!);
  const rows = (of: PolytopeSpec['equalities']) =>
    (of ?? []).map((row) => ({ ...row, coefficients: reordered(row.coefficients) }));
  return {
    ...spec,
    names: order.map((i) => spec.names[i]!),
    lower: reordered(spec.lower),
    upper: reordered(spec.upper),
    equalities: rows(spec.equalities),
    inequalities: rows(spec.inequalities),
  };
}

interface Mean {
  readonly mean: number;
  readonly standardError: number;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanOf(values: readonly number[]): Mean {
  const mean = average(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, standardError: Math.sqrt(variance / values.length) };
}

/** Mean, mean square, least and greatest value of each weight over each of some independent groups of points. */
function statistics(groups: readonly (readonly Float64Array[])[], weight: number): readonly Mean[] {
  const values = groups.map((points) => points.map((w) => w[weight]!));
  return [
    meanOf(values.map(average)),
    meanOf(values.map((of) => average(of.map((value) => value * value)))),
    meanOf(values.map((of) => Math.min(...of))),
    meanOf(values.map((of) => Math.max(...of))),
  ];
}

const STATISTICS = ['mean', 'mean square', 'least', 'greatest'] as const;

/** Expects groups of points of a polytope to be distributed as those of the same one in another order of weights. */
function expectSymmetric(
  spec: PolytopeSpec,
  groupsOf: (polytope: Polytope, seed: string) => readonly (readonly Float64Array[])[],
): void {
  const order = orderOf(spec);
  const given = groupsOf(createPolytope(spec), 'given');
  const other = groupsOf(createPolytope(permuted(spec, order)), 'permuted');
  order.forEach((weight, at) => {
    const here = statistics(given, weight);
    const there = statistics(other, at);
    STATISTICS.forEach((name, k) => {
      const [a, b] = [here[k]!, there[k]!];
      const standardError = Math.hypot(a.standardError, b.standardError);
      expect(a.mean, `${name} of ${spec.names[weight]}`).to.be.closeTo(
        b.mean,
        STANDARD_ERRORS * standardError,
      );
    });
  });
}

/** What removing the last weight does: all but it within 0.2 of their lower bounds, and the last is what is left. */
function eliminating(polytope: Polytope, seed: string): readonly (readonly Float64Array[])[] {
  const random = randomStream(1, 'eliminating', seed);
  const draw = (): Float64Array => {
    const w = Float64Array.from(polytope.lower, (least) => least + 0.2 * random.uniform());
    const last = w.length - 1;
    w[last] = 1 - w.subarray(0, last).reduce((sum, value) => sum + value, 0);
    return w;
  };
  return Array.from({ length: SAMPLES / GROUP }, () => Array.from({ length: GROUP }, draw));
}

describe('the order in which weights are written', () => {
  for (const [name, spec] of Object.entries(SPECS)) {
    it(`does not change how samples are distributed, within 4.5 standard errors: ${name}`, () => {
      expectSymmetric(spec, (polytope, seed) => {
        const samples = samplePolytope(polytope, SAMPLES, randomStream(1, 'symmetry', seed));
        return Array.from({ length: SAMPLES / GROUP }, (_, g) => samples.slice(g * GROUP, (g + 1) * GROUP));
      });
    });

    it(`does not change how designs are distributed, within 4.5 standard errors: ${name}`, () => {
      expectSymmetric(spec, (polytope, label) =>
        Array.from({ length: DESIGNS }, (_, seed) =>
          spaceFillingDesign(polytope, DESIGNED, randomStream(seed, 'symmetry', label)),
        ),
      );
    });
  }

  it('would change it where one weight were what the sum leaves over', () => {
    const simplex = SPECS['a simplex above lower bounds']!;
    expect(() => expectSymmetric(simplex, eliminating)).to.throw('to be close to');
  });
});
