import { expect } from 'chai';
import { type Random, randomStream } from '../../../math/random.ts';
import { FEWEST_ARMS, shrunkMeans } from '../../../src/online/analysis/shrinkage.ts';
import { readGolden } from '../../golden/read-golden.ts';
import { upworthyTests } from '../upworthy.ts';

interface ShrinkageGolden {
  readonly cases: readonly {
    readonly means: readonly number[];
    readonly variances: readonly number[];
    readonly shrunk: readonly number[];
    readonly variance: readonly number[];
    readonly shrinkage: readonly number[];
  }[];
}

/** How many of `clicks` among `impressions` fall into the first half of them, drawn without replacement. */
function clicksOfHalf(impressions: number, clicks: number, random: Random): number {
  let places = Math.floor(impressions / 2);
  let drawn = 0;
  for (let click = 0; click < clicks; click++) {
    if (random.uniform() * (impressions - click) < places) {
      places--;
      drawn++;
    }
  }
  return drawn;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('shrunkMeans', () => {
  it('agrees with numpy', () => {
    for (const { means, variances, shrunk, variance, shrinkage } of readGolden<ShrinkageGolden>('shrinkage')
      .cases) {
      shrunkMeans(means, variances).forEach((arm, i) => {
        expect(arm.mean).closeTo(shrunk[i]!, 1e-13);
        expect(arm.variance).closeTo(variance[i]!, 1e-13);
        expect(arm.shrinkage).closeTo(shrinkage[i]!, 1e-13);
      });
    }
  });

  it('has a smaller squared error than the raw means, about what its variance says', () => {
    const random = randomStream(9, 'shrinkage');
    const arms = 8;
    const draws = 4000;
    let raw = 0;
    let shrunk = 0;
    let said = 0;
    for (let draw = 0; draw < draws; draw++) {
      const truths = Array.from({ length: arms }, () => 0.5 * random.normal());
      const means = truths.map((truth) => truth + random.normal());
      const estimates = shrunkMeans(
        means,
        means.map(() => 1),
      );
      truths.forEach((truth, i) => {
        raw += (means[i]! - truth) ** 2;
        shrunk += (estimates[i]!.mean - truth) ** 2;
        said += estimates[i]!.variance;
      });
    }
    // Bayes' risk is 0.2 of the raw error, and a tenth more for the common mean; James–Stein pays for a spread that it must guess.
    expect(shrunk).below(0.55 * raw);
    expect(said / shrunk).within(0.8, 1.3);
  });

  it('draws arms without spread beyond noise together, and leaves arms without noise alone', () => {
    const noisy = shrunkMeans([1, 1.1, 0.9, 1], [1, 1, 1, 1]);
    for (const { mean: drawn, shrinkage } of noisy) {
      expect(drawn).closeTo(1, 1e-15);
      expect(shrinkage).equal(1);
    }
    expect(shrunkMeans([1, 2, 3, 4], [0, 0, 0, 0]).map((arm) => arm.mean)).deep.equal([1, 2, 3, 4]);
    expect(shrunkMeans([2, 2, 2, 2], [1, 1, 1, 1]).map((arm) => arm.mean)).deep.equal([2, 2, 2, 2]);
  });

  it('foretells the winners of real tests better than their raw rates do', function () {
    const tests = upworthyTests();
    if (tests === undefined) return this.skip();
    const random = randomStream(20, 'halves');
    const winners = tests
      .filter(({ impressions }) => impressions.length >= FEWEST_ARMS)
      .map(({ impressions, clicks }) => {
        const halves = impressions.map((count) => Math.floor(count / 2));
        const first = clicks.map((count, i) => clicksOfHalf(impressions[i]!, count, random));
        const rates = first.map((count, i) => count / halves[i]!);
        const pooled =
          first.reduce((sum, count) => sum + count, 0) / halves.reduce((sum, count) => sum + count, 0);
        const shrunk = shrunkMeans(
          rates,
          halves.map((count) => (pooled * (1 - pooled)) / count),
        );
        const winner = rates.indexOf(Math.max(...rates));
        const heldOut = clicks.map((count, i) => (count - first[i]!) / (impressions[i]! - halves[i]!));
        return {
          raw: rates[winner]! - mean(rates),
          shrunk: shrunk[winner]!.mean - mean(rates),
          truth: heldOut[winner]! - mean(heldOut),
        };
      });
    const sum = (of: (winner: (typeof winners)[number]) => number): number =>
      winners.reduce((total, winner) => total + of(winner), 0);
    expect(winners).length.above(2000);
    const rawError = sum(({ raw, truth }) => (raw - truth) ** 2);
    const shrunkError = sum(({ shrunk, truth }) => (shrunk - truth) ** 2);
    expect(shrunkError).below(0.85 * rawError);
    // The raw winner keeps half of its lead on traffic that did not choose it. Half of what it promised too much goes, not all:
    // with four arms, as most tests have, K − 3 is 1 and the spread of the arms is known badly.
    const promised = sum(({ raw }) => raw) / sum(({ truth }) => truth);
    const promisedShrunk = sum(({ shrunk }) => shrunk) / sum(({ truth }) => truth);
    expect(1 / promised).within(0.47, 0.55);
    expect((promisedShrunk - 1) / (promised - 1)).within(0.35, 0.6);
  });

  it('refuses fewer than four arms and lengths that disagree', () => {
    expect(() => shrunkMeans([1, 2, 3], [1, 1, 1])).throw(RangeError, '3 arms: expected at least 4');
    expect(() => shrunkMeans([1, 2, 3, 4], [1])).throw(RangeError, '4 means, but 1 variances');
  });
});
