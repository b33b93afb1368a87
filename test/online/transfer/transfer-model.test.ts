import { expect } from 'chai';
import { randomStream } from '../../../math/random.ts';
import { jointLifts } from '../../../src/online/transfer/joint-lifts.ts';
import type {
  LogObservations,
  RoundObservations,
} from '../../../src/online/transfer/relative-observations.ts';
import { sampleLifts } from '../../../src/online/transfer/sample-lifts.ts';
import { fitTransfer, type TransferModel } from '../../../src/online/transfer/transfer-model.ts';
import { drawWorld } from '../../gp/coregionalization/world.ts';

const SHARED = { dimension: 2, lengthscale: 0.4, sharedInputs: true } as const;
const LOG_POINTS = 30;
const ARMS = 16;
/** Standard deviation of the online function, as a lift, and of an arm's noise. */
const LIFT = 0.05;
const NOISE = 0.007;
/** The log has no noise but this share of its variance, far below what a model resolves. */
const ROUNDING = 1e-6;

/** A log in other units than the online metric, of functions that correlate at ρ, and two rounds; the second has another season. */
function synthetic(
  correlation: number,
  seed: number,
): { log: LogObservations; rounds: readonly RoundObservations[] } {
  const random = randomStream(seed, 'transfer-model');
  const { X, y } = drawWorld(
    { ...SHARED, noiseVariance: ROUNDING, counts: [LOG_POINTS, ARMS + 1], correlation },
    random,
  );
  const round = (rows: readonly number[], season: number): RoundObservations =>
    rows.map((row) => {
      const mean = season * Math.exp(LIFT * y[LOG_POINTS + row]! + NOISE * random.normal());
      const at = 2 * (LOG_POINTS + row);
      return { x: X.slice(at, at + 2), mean, standardError: mean * NOISE };
    });
  return {
    log: { X: X.slice(0, 2 * LOG_POINTS), y: y.slice(0, LOG_POINTS).map((v) => 0.3 * Math.exp(0.1 * v)) },
    rounds: [round([0, 1, 2, 3, 4, 5, 6, 7, 8], 2), round([0, 9, 10, 11, 12, 13, 14, 15, 16], 2.3)],
  };
}

/** A draw of the LKJ prior with η = 2, p(ρ) ∝ 1 − ρ²: 2B − 1, B ~ Beta(2, 2), the middle of three uniforms. */
function priorCorrelation(seed: number): number {
  const random = randomStream(seed, 'transfer-model', 'correlation');
  const [, middle] = [random.uniform(), random.uniform(), random.uniform()].toSorted((a, b) => a - b);
  return 2 * middle! - 1;
}

const fitted = (correlation: number, seed: number): TransferModel => {
  const { log, rounds } = synthetic(correlation, seed);
  return fitTransfer('saves', log, rounds);
};

const WORLDS = 12;

describe('fitTransfer', () => {
  it('has ρ, drawn from its prior, in the intervals of at least 25 of 30 synthetic worlds', () => {
    const covered = Array.from({ length: 30 }, (_, seed) => seed).filter((seed) => {
      const correlation = priorCorrelation(seed);
      const [low, high] = fitted(correlation, seed).trust!.correlation.interval;
      return low <= correlation && correlation <= high;
    });
    // Of intervals that cover in 95 % fewer than 25 of 30 have a probability of 0.3 %.
    expect(covered.length).to.be.at.least(25);
  }).timeout(240_000);

  it('mostly uses a log that can be trusted', () => {
    let wins = 0;
    for (let seed = 0; seed < WORLDS; seed++) {
      const { log, rounds } = synthetic(0.98, seed);
      const model = fitTransfer('saves', log, rounds);
      if (model.trust!.used) wins++;
      else expect(model.components).to.have.lengthOf(1);
    }
    expect(wins).to.be.at.least(9);
  }).timeout(240_000);

  it('is the model without a log where the log is dropped, to the bit', () => {
    const dropped = Array.from({ length: WORLDS }, (_, seed) => seed).filter((seed) => {
      const { log, rounds } = synthetic(0, seed);
      const model = fitTransfer('saves', log, rounds);
      if (model.trust!.used) return false;
      const alone = fitTransfer('saves', undefined, rounds);
      const points = Float64Array.of(0.2, 0.8, 0.6, 0.4);
      expect(jointLifts(model.components[0]!.process, points)).to.deep.equal(
        jointLifts(alone.components[0]!.process, points),
      );
      return true;
    });
    // A log of ρ = 0 still tells lengthscales, as both functions have them; so it is not always dropped.
    expect(dropped.length).to.be.at.least(3);
  }).timeout(240_000);

  it('refuses to model without a round', () => {
    expect(() => fitTransfer('saves', undefined, [])).to.throw(RangeError, 'at least one round');
  });
});

describe('sampleLifts', () => {
  it('has the moments of the mixture, and every draw from one of its components', () => {
    const model = fitted(0.95, 3);
    const points = Float64Array.of(0.2, 0.8, 0.6, 0.4);
    const count = 20_000;
    const lifts = sampleLifts(model, points, count, randomStream(1, 'sample-lifts'));
    for (let i = 0; i < 2; i++) {
      const parts = model.components.map(({ weight, process }) => {
        const { mean, covariance } = jointLifts(process, points);
        return { weight, mean: mean[i]!, variance: covariance[3 * i]! };
      });
      const mean = parts.reduce((sum, part) => sum + part.weight * part.mean, 0);
      const variance = parts.reduce(
        (sum, part) => sum + part.weight * (part.variance + (part.mean - mean) ** 2),
        0,
      );
      const logs = Float64Array.from({ length: count }, (_, s) => Math.log1p(lifts[2 * s + i]!));
      const found = logs.reduce((sum, value) => sum + value, 0) / count;
      expect(Math.abs(found - mean)).to.be.below(4.5 * Math.sqrt(variance / count));
      const spread = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
      // A mixture's fourth moment is larger than the normal's 3σ⁴; 6σ⁴ is above it.
      expect(Math.abs(spread / variance - 1)).to.be.below(4.5 * Math.sqrt(5 / count));
    }
  });
});
