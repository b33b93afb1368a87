import { expect } from 'chai';
import { randomStream } from '../../../math/random.ts';
import type { MeasuredSums } from '../../../src/domain/readout.ts';
import { armMeans } from '../../../src/online/readouts/arm-means.ts';
import { centredSums } from '../../../src/online/readouts/centred-sums.ts';
import { cuped } from '../../../src/online/readouts/cuped.ts';
import { readGolden } from '../../golden/read-golden.ts';
import { sumsOf } from './sums-of-users.ts';

interface CupedGolden {
  readonly theta: number;
  readonly arms: readonly {
    readonly x: readonly number[];
    readonly y: readonly number[];
    readonly mean: number;
    readonly variance: number;
  }[];
}

describe('cuped', () => {
  it('agrees with numpy on the users themselves', () => {
    const { theta, arms } = readGolden<CupedGolden>('cuped');
    const adjusted = cuped(arms.map(({ x, y }) => centredSums(sumsOf(y, x))));
    expect(adjusted.theta).closeTo(theta, 1e-12);
    arms.forEach(({ mean, variance }, i) => {
      expect(adjusted.arms[i]!.mean).closeTo(mean, 1e-12);
      expect(adjusted.arms[i]!.variance).closeTo(variance, 1e-14);
    });
  });

  it('has the spread that its variance says, 1 − ρ² of the plain one, and the effect of the arm', () => {
    const random = randomStream(2, 'cuped');
    const experiments = 2000;
    const units = 150;
    const effect = 0.3;
    let adjustedSquares = 0;
    let sum = 0;
    let said = 0;
    for (let experiment = 0; experiment < experiments; experiment++) {
      const arm = (shift: number): MeasuredSums => {
        const x = Array.from({ length: units }, () => random.normal());
        return sumsOf(
          x.map((value) => shift + 0.8 * value + 0.6 * random.normal()),
          x,
        );
      };
      const { arms } = cuped([centredSums(arm(0)), centredSums(arm(effect))]);
      const lift = arms[1]!.mean - arms[0]!.mean;
      sum += lift;
      adjustedSquares += (lift - effect) ** 2;
      said += arms[0]!.variance + arms[1]!.variance;
    }
    const variance = 0.36 * (2 / units);
    // The standard error of a mean square of normals is √(2/experiments) of it.
    const tolerance = 4 * Math.sqrt(2 / experiments);
    expect(Math.abs(sum / experiments - effect)).below(4 * Math.sqrt(variance / experiments));
    expect(adjustedSquares / experiments / variance).closeTo(1, tolerance);
    expect(said / experiments / variance).closeTo(1, tolerance);
  });

  it('leaves means alone where the covariate is constant', () => {
    const constant = sumsOf([1, 2, 4], [5, 5, 5]);
    const { theta, arms } = cuped([centredSums(constant), centredSums(constant)]);
    expect(theta).equal(0);
    expect(arms[0]!.mean).closeTo(7 / 3, 1e-15);
    expect(arms[0]!.variance).closeTo(7 / 3 / 3, 1e-15);
  });

  it('refuses an arm without a covariate or a second unit', () => {
    const plain = centredSums({ n: 3, sum: 2, sumOfSquares: 2 });
    expect(() => cuped([plain])).throw(RangeError, 'an arm without a covariate');
    expect(() => cuped([centredSums(sumsOf([1], [1]))])).throw(RangeError, 'an arm of 1 units');
  });
});

describe('armMeans', () => {
  const one = { n: 4, sum: 6, sumOfSquares: 14 };

  it('are the means and variances of sums', () => {
    const means = armMeans({ kind: 'volume', adjusted: false, arms: { baseline: one } });
    // 0, 1, 2, 3: mean 1.5, sample variance 5/3
    expect(means).deep.equal([{ arm: 'baseline', n: 4, mean: 1.5, variance: 5 / 12 }]);
  });

  it('are what was measured, where means were', () => {
    const arms = { baseline: { mean: 0.2, sem: 0.01, n: 1600 }, 'arm-1': { mean: 0.3, sem: 0.02 } };
    expect(armMeans({ kind: 'propensity', adjusted: false, arms })).deep.equal([
      { arm: 'baseline', n: 1600, mean: 0.2, variance: 0.0001 },
      { arm: 'arm-1', n: null, mean: 0.3, variance: 0.0004 },
    ]);
  });

  it('are adjusted where all arms have a covariate', () => {
    const { arms } = readGolden<CupedGolden>('cuped');
    const entries = arms.map(({ x, y }, i) => [`arm-${i}`, sumsOf(y, x)] as const);
    const means = armMeans({ kind: 'volume', adjusted: false, arms: Object.fromEntries(entries) })!;
    means.forEach(({ arm, mean, n }, i) => {
      expect(arm).equal(`arm-${i}`);
      expect(mean).closeTo(arms[i]!.mean, 1e-12);
      expect(n).equal(arms[i]!.y.length);
    });
  });

  it('are unknown where lifts were measured', () => {
    const arms = { 'arm-1': { lift: 0.1, sem: 0.02 } };
    expect(armMeans({ kind: 'volume', adjusted: false, arms })).equal(undefined);
  });
});
