import { expect } from 'chai';
import { randomStream } from '../../../math/random.ts';
import { shippableArms } from '../../../src/online/arms/shippable-arms.ts';
import {
  expectedGainWithinGuardrails,
  type LiftBeliefs,
} from '../../../src/online/plan/gain-within-guardrails.ts';

const NOISE = { arm: 1.5e-4, control: 0.5e-4 };
const CLICKS_KEPT = [{ metric: 1, relation: '>=', bound: -0.03 }] as const;

/** Lifts of points on a line: the objective rises and the second metric falls along it, both uncertain and smooth. */
function alongLine(places: readonly number[], guardrails: LiftBeliefs['guardrails']): LiftBeliefs {
  const covariance = (stddev: number): Float64Array =>
    Float64Array.from(
      places.flatMap((x) => places.map((y) => stddev ** 2 * Math.exp(-((x - y) ** 2) / (2 * 0.3 ** 2)))),
    );
  return {
    metrics: [
      {
        posterior: { mean: Float64Array.from(places, (x) => 0.05 * x), covariance: covariance(0.01) },
        noise: NOISE,
      },
      {
        posterior: { mean: Float64Array.from(places, (x) => -0.06 * x * x), covariance: covariance(0.012) },
        noise: NOISE,
      },
    ],
    objective: { metric: 0, sign: 1 },
    guardrails,
    confidence: 0.95,
  };
}

/** The beliefs at some of the points, in that order. */
function at({ metrics, ...others }: LiftBeliefs, points: readonly number[]): LiftBeliefs {
  return {
    ...others,
    metrics: metrics.map(({ posterior: { mean, covariance }, noise }) => ({
      noise,
      posterior: {
        mean: Float64Array.from(points, (i) => mean[i]!),
        covariance: Float64Array.from(
          points.flatMap((i) => points.map((j) => covariance[i * mean.length + j]!)),
        ),
      },
    })),
  };
}

describe('shippableArms', () => {
  it('chooses batches that gain nearly the most that any pair does, as the other rule has it', () => {
    const places = [0.2, 0.1, 0.35, 0.5, 0.6, 0.75, 0.9];
    const beliefs = alongLine(places, CLICKS_KEPT);
    const gainOf = (pair: readonly number[]): number =>
      expectedGainWithinGuardrails(at(beliefs, [0, ...pair]), 1, 40_000, randomStream(1, 'pairs')).mean;
    const pairs = [1, 2, 3, 4, 5, 6].flatMap((i) =>
      [1, 2, 3, 4, 5, 6].filter((j) => j > i).map((j) => gainOf([i, j])),
    );
    const [most, least] = [Math.max(...pairs), Math.min(...pairs)];
    for (let seed = 0; seed < 5; seed++) {
      const chosen = shippableArms(beliefs, 1, 2, randomStream(seed, 'ship'));
      expect(chosen).to.have.lengthOf(2);
      // Imagined readouts are few, and arms are chosen one by one: within a tenth of the way between the pairs.
      expect(gainOf(chosen)).to.be.above(most - 0.1 * (most - least));
    }
  });

  it('passes over arms that gain more but that no readout can clear of a bound', () => {
    const places = [0.4, 0.9];
    const free = alongLine(places, []);
    const bound = alongLine(places, CLICKS_KEPT);
    expect(shippableArms(free, 0, 1, randomStream(1, 'ship'))).to.deep.equal([1]);
    expect(shippableArms(bound, 0, 1, randomStream(1, 'ship'))).to.deep.equal([0]);
  });

  it('minimises where less is better', () => {
    const { metrics, ...others } = alongLine([-0.8, 0.8], []);
    const down = { ...others, metrics, objective: { metric: 0, sign: -1 } as const };
    expect(shippableArms(down, 0, 1, randomStream(1, 'ship'))).to.deep.equal([0]);
  });

  it('names none where nothing can be shipped, and never an arm twice or one that was tested', () => {
    const places = [0.1, 0.2, 0.3, 0.4];
    const impossible = alongLine(places, [{ metric: 1, relation: '>=', bound: 0.2 }]);
    expect(shippableArms(impossible, 1, 3, randomStream(1, 'ship'))).to.deep.equal([]);
    const all = shippableArms(alongLine(places, []), 1, 9, randomStream(2, 'ship'));
    expect(new Set(all).size).to.equal(all.length);
    expect(all).to.not.include(0);
  });

  it('ships more after its arms than after arms drawn from the same candidates, in simulated rounds', () => {
    const random = randomStream(3, 'rounds');
    const places = Array.from({ length: 12 }, () => random.uniform());
    const beliefs = alongLine(places, CLICKS_KEPT);
    const gain = (arms: readonly number[]): number =>
      expectedGainWithinGuardrails(at(beliefs, arms), 0, 20_000, randomStream(4, 'gain')).mean;
    const chosen = gain(shippableArms(beliefs, 0, 3, random));
    const others = Array.from({ length: 8 }, () => gain([0, 1, 2].map((i) => 4 * i + random.integer(4))));
    const most = Math.max(...others);
    expect(chosen).to.be.above(most - 0.1 * (most - Math.min(...others)));
  });
});
