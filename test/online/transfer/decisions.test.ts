import { expect } from 'chai';
import { randomStream } from '../../../math/random.ts';
import { chooseArms } from '../../../src/online/transfer/choose-arms.ts';
import { decideShipment } from '../../../src/online/transfer/decide-shipment.ts';
import type { LiftGuardrail, LiftSamples } from '../../../src/online/transfer/lift-guardrail.ts';

const GUARDRAILS: readonly LiftGuardrail[] = [
  { metric: 1, relation: '>=', bound: -0.02 },
  { metric: 2, relation: '<=', bound: 0.05 },
];

function drawn(count: number, points: number): LiftSamples {
  const random = randomStream(4, 'decisions');
  const metric = (): Float64Array =>
    Float64Array.from({ length: count * points }, () => 0.05 * random.normal());
  return { count, points, metrics: [metric(), metric(), metric()] };
}

/** What a set of arms is worth: the mean over draws of the best feasible objective, the baseline included. */
function worth({ count, points, metrics }: LiftSamples, arms: readonly number[]): number {
  const [objective, saves, hides] = metrics;
  let sum = 0;
  for (let s = 0; s < count; s++) {
    const feasible = arms.filter((i) => saves![s * points + i]! >= -0.02 && hides![s * points + i]! <= 0.05);
    sum += Math.max(0, ...feasible.map((i) => objective![s * points + i]!));
  }
  return sum / count;
}

describe('chooseArms', () => {
  it('adds, one by one, the candidate that raises the worth of all arms most', () => {
    const samples = drawn(50, 12);
    const tested = 3;
    const chosen = chooseArms(samples, 0, GUARDRAILS, tested, 4);
    const arms = [0, 1, 2];
    for (const next of chosen) {
      const candidates = Array.from({ length: 9 }, (_, i) => tested + i);
      const best = Math.max(...candidates.map((i) => worth(samples, [...arms, i])));
      expect(worth(samples, [...arms, next])).to.be.closeTo(best, 1e-15);
      arms.push(next);
    }
    expect(chosen).to.have.lengthOf(4);
  });

  it('returns fewer where nothing improves', () => {
    const nothing = { count: 2, points: 3, metrics: [0, 0, 0].map(() => new Float64Array(6).fill(-0.01)) };
    expect(chooseArms(nothing, 0, GUARDRAILS, 1, 2)).to.deep.equal([]);
  });
});

/** Two arms with the same draws: lift 3 % and 5 %, and the share of draws in which the second keeps saves. */
const samples = (share: number): LiftSamples => ({
  count: 100,
  points: 2,
  metrics: [
    Float64Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 0.03 : 0.05)),
    Float64Array.from({ length: 200 }, (_, i) => (i % 2 === 0 || i / 2 < 100 * share ? 0 : -0.1)),
    new Float64Array(200),
  ],
});

describe('decideShipment', () => {
  it('ships the larger mean lift whose guardrails are met with 95 % probability', () => {
    expect(decideShipment(samples(0.97), 0, GUARDRAILS).point).to.equal(1);
    expect(decideShipment(samples(0.9), 0, GUARDRAILS)).to.deep.include({ point: 0, probabilityMet: 1 });
    expect(decideShipment(samples(0.9), 0, GUARDRAILS, 0.8).point).to.equal(1);
  });

  it('keeps the baseline where no arm may be shipped or none gains', () => {
    const all = samples(1);
    const strict: readonly LiftGuardrail[] = [{ metric: 1, relation: '>=', bound: 0.01 }];
    expect(decideShipment(all, 0, strict)).to.deep.equal({ point: -1, expectedLift: 0, probabilityMet: 1 });
    const losing = { ...all, metrics: [all.metrics[0]!.map((lift) => -lift), ...all.metrics.slice(1)] };
    expect(decideShipment(losing, 0, GUARDRAILS).point).to.equal(-1);
  });
});
