import { expect } from 'chai';
import { normalQuantile } from '../../../math/normal-quantile.ts';
import { type Random, randomStream } from '../../../math/random.ts';
import { sequentialMultiplier } from '../../../src/online/analysis/confidence-sequence.ts';
import { relativeLifts, standardErrors } from '../../../src/online/analysis/lifts.ts';

/** ∫ exp(λS − λ²t/2) N(λ; 0, ρ²) dλ by the trapezoidal rule: the martingale that Robbins' bound is of. */
function mixture(sum: number, t: number, rho: number): number {
  const step = rho / 200;
  let total = 0;
  for (let i = -4000; i <= 4000; i++) {
    const lambda = i * step;
    const density = Math.exp(-0.5 * (lambda / rho) ** 2) / (rho * Math.sqrt(2 * Math.PI));
    total += Math.exp(lambda * sum - (lambda * lambda * t) / 2) * density * step;
  }
  return total;
}

const LOOKS = 28;
const ARMS = 4;
const USERS_A_LOOK = 300;

/** What one user does: nothing mostly, else a skewed number of clicks. */
function clicks(random: Random): number {
  return random.uniform() < 0.2 ? 0 : -Math.log(1 - random.uniform());
}

/** Largest |lift|/standard error of any arm, at each look of an experiment without effect. */
function lookAtAll(random: Random): readonly number[] {
  const names = ['baseline', 'a', 'b', 'c', 'd'];
  const sums = new Float64Array(ARMS + 1);
  const squares = new Float64Array(ARMS + 1);
  return Array.from({ length: LOOKS }, (_, look) => {
    const n = (look + 1) * USERS_A_LOOK;
    const means = names.map((arm, i) => {
      for (let user = 0; user < USERS_A_LOOK; user++) {
        const value = clicks(random);
        sums[i]! += value;
        squares[i]! += value * value;
      }
      const mean = sums[i]! / n;
      return { arm, n, mean, variance: (squares[i]! - n * mean * mean) / (n - 1) / n };
    });
    const lifts = relativeLifts(means, 'baseline');
    const errors = standardErrors(lifts);
    return lifts.estimates.reduce((most, lift, i) => Math.max(most, Math.abs(lift) / errors[i]!), 0);
  });
}

describe('sequentialMultiplier', () => {
  it("is where Robbins' mixture martingale reaches 1/α", () => {
    for (const alpha of [0.05, 0.01]) {
      for (const fraction of [0.05, 0.5, 1, 3]) {
        const planned = 1000;
        const t = fraction * planned;
        const atPlanned = sequentialMultiplier(alpha, 1) ** 2 - 1;
        const rho = Math.sqrt(atPlanned / planned);
        const bound = sequentialMultiplier(alpha, fraction) * Math.sqrt(t);
        expect(mixture(bound, t, rho) * alpha).closeTo(1, 1e-9);
      }
    }
  });

  it('is narrowest at the planned end, and wider than one look needs', () => {
    const multipliers = [0.2, 0.9, 1, 1.1, 4].map((fraction) => sequentialMultiplier(0.05, fraction));
    expect(Math.min(...multipliers))
      .equal(multipliers[2])
      .above(-normalQuantile(0.025));
    // scipy 1.17.1, brentq of τ = log(1 + τ) + 2 log 20.
    expect(multipliers[2]).closeTo(Math.sqrt(1 + 8.211968062068255), 1e-12);
  });

  it('covers all arms at all looks together in experiments without effect', () => {
    const random = randomStream(12, 'a/a');
    const experiments = 400;
    const multipliers = Array.from({ length: LOOKS }, (_, look) =>
      sequentialMultiplier(0.05 / ARMS, (look + 1) / LOOKS),
    );
    const fixed = -normalQuantile(0.025 / ARMS);
    let sequentialFalse = 0;
    let fixedFalse = 0;
    for (let experiment = 0; experiment < experiments; experiment++) {
      const extremes = lookAtAll(random);
      if (extremes.some((extreme, look) => extreme > multipliers[look]!)) sequentialFalse++;
      if (extremes.some((extreme) => extreme > fixed)) fixedFalse++;
    }
    expect(1 - sequentialFalse / experiments).at.least(0.95);
    // What the sequence is for: intervals of one look, corrected for the arms alone, fail on looking daily.
    expect(fixedFalse / experiments).above(0.15);
  });

  it('refuses what is no share of the units or no error', () => {
    expect(() => sequentialMultiplier(0.05, 0)).throw(RangeError, 'information fraction 0');
    expect(() => sequentialMultiplier(0, 1)).throw(RangeError, 'alpha 0');
    expect(() => sequentialMultiplier(1, 1)).throw(RangeError, 'alpha 1');
  });
});
