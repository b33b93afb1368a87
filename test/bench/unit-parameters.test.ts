import { expect } from 'chai';
import { problems } from '../../bench/problems/problems.ts';
import { hartmann6Simplex } from '../../bench/problems/hartmann6-simplex.ts';
import { unitParameters } from '../../bench/races/unit-parameters.ts';
import { violations } from '../../math/polytope/polytope.ts';
import { randomStream } from '../../math/random.ts';
import { encodeStudy, toVector } from '../../src/optimizer/encode.ts';

const ROUNDING = 1e-9;

const DRAWS = 20_000;

/** A weight of the flat Dirichlet distribution of six: mean 1/6, variance 5/252. */
const MEAN = 1 / 6;
const STANDARD_ERRORS = 4.5 * Math.sqrt(5 / 252 / DRAWS);

describe('unitParameters', () => {
  for (const { name, study } of problems) {
    it(`${name}: maps the unit cube into the weights and back`, () => {
      const definition = study(0);
      const encoding = encodeStudy(definition);
      const { dimension, toWeights, fromWeights } = unitParameters(definition);
      expect(dimension).to.equal(encoding.polytope.dimension);
      const random = randomStream(1, 'unit-parameters', name);
      for (let i = 0; i < 200; i++) {
        const u = Array.from({ length: dimension }, () => random.uniform());
        const weights = toWeights(u);
        expect(violations(encoding.polytope, toVector(encoding, weights))).to.deep.equal([]);
        for (const [j, value] of fromWeights(weights).entries()) expect(value).to.be.closeTo(u[j]!, ROUNDING);
      }
    });
  }

  it('reaches the corners of the simplex and comes back from them to the same weights', () => {
    const { dimension, toWeights, fromWeights } = unitParameters(hartmann6Simplex.study(0));
    for (let corner = 0; corner < 32; corner++) {
      const u = Array.from({ length: dimension }, (_, j) => (corner >> j) & 1);
      const weights = toWeights(u);
      expect(Object.values(weights).filter((weight) => weight === 1).length).to.equal(1);
      expect(toWeights(fromWeights(weights))).to.deep.equal(weights);
    }
  });

  it(`spreads uniform parameters evenly over the simplex: each weight's mean within 4.5 standard errors`, () => {
    const { dimension, toWeights } = unitParameters(hartmann6Simplex.study(0));
    const random = randomStream(2, 'unit-parameters');
    const sums = new Map<string, number>();
    for (let i = 0; i < DRAWS; i++) {
      const u = Array.from({ length: dimension }, () => random.uniform());
      for (const [name, weight] of Object.entries(toWeights(u)))
        sums.set(name, (sums.get(name) ?? 0) + weight);
    }
    for (const sum of sums.values()) expect(sum / DRAWS).to.be.closeTo(MEAN, STANDARD_ERRORS);
  });

  it('refuses what it cannot map', () => {
    const definition = hartmann6Simplex.study(0);
    expect(() => unitParameters({ ...definition, sum: 2 })).to.throw(RangeError, 'with the sum 2');
    const constraints = [{ coefficients: { x1: 1 }, relation: '<=', bound: 0.5 }] as const;
    expect(() => unitParameters({ ...definition, constraints: [...constraints] })).to.throw(RangeError);
  });
});
