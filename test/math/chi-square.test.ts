import { expect } from 'chai';
import { chiSquareSurvival } from '../../math/chi-square.ts';
import { randomStream } from '../../math/random.ts';
import { readGolden } from '../golden/read-golden.ts';

const { cases } = readGolden<{
  readonly cases: readonly { readonly df: number; readonly x: number; readonly sf: number }[];
}>('chi-square');

describe('chiSquareSurvival', () => {
  it('agrees with scipy to 1e-12 relative, far tails included', () => {
    expect(cases).length.above(50);
    for (const { df, x, sf } of cases) {
      expect(Math.abs(chiSquareSurvival(x, df) / sf - 1), `x = ${x}, ${df} degrees`).below(1e-12);
    }
  });

  it('is how often a sum of squared normals exceeds x', () => {
    const random = randomStream(5, 'chi-square');
    const draws = 40_000;
    let beyond = 0;
    for (let draw = 0; draw < draws; draw++) {
      let sum = 0;
      for (let i = 0; i < 5; i++) sum += random.normal() ** 2;
      if (sum > 6.2) beyond++;
    }
    const p = chiSquareSurvival(6.2, 5);
    expect(Math.abs(beyond / draws - p)).below(4 * Math.sqrt((p * (1 - p)) / draws));
  });

  it('is 1 at 0 and 0 at infinity', () => {
    for (const degrees of [1, 2, 7]) {
      expect(chiSquareSurvival(0, degrees)).equal(1);
      expect(chiSquareSurvival(Infinity, degrees)).equal(0);
    }
  });

  it('refuses what is no χ²', () => {
    expect(() => chiSquareSurvival(-1, 2)).throw(RangeError, 'chi-square of -1');
    expect(() => chiSquareSurvival(1, 0)).throw(RangeError, '0 degrees');
    expect(() => chiSquareSurvival(1, 1.5)).throw(RangeError, '1.5 degrees');
  });
});
