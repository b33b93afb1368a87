import { expect } from 'chai';
import { posteriorSamples } from '../../../gp/posterior-samples.ts';
import { normalCdf } from '../../../math/normal.ts';
import { randomStream } from '../../../math/random.ts';
import { armProbabilities, posteriorOfLifts } from '../../../src/online/analysis/arm-probabilities.ts';
import { relativeLifts } from '../../../src/online/analysis/lifts.ts';

const DRAWS = 40_000;

describe('armProbabilities', () => {
  it('counts draws by their definition', () => {
    // Baseline, a, b in four draws.
    const objective = Float64Array.of(0, 1, 2, 0, 3, 2, 0, -1, 1, 0, 2, 2);
    const slack = Float64Array.of(0, 1, -1, 0, 1, 1, 0, 1, 0, -1, -1, -1);
    const [baseline, a, b] = armProbabilities(objective, [slack], 3);
    expect(baseline).deep.include({ best: { probability: 0, standardError: 0 } });
    expect(baseline!.feasible.probability).equal(0.75);
    expect(baseline!.better.probability).equal(0);
    expect(a!.best.probability).equal(0.5);
    expect(a!.feasible.probability).equal(0.75);
    expect(a!.better.probability).equal(0.75);
    expect(b!.best.probability).equal(0.25);
    expect(b!.feasible).deep.equal({ probability: 0.5, standardError: 0.25 });
    expect(b!.better).deep.equal({ probability: 1, standardError: 0 });
  });

  it('agrees with closed forms of two points', () => {
    const objective = posteriorSamples(
      { mean: Float64Array.of(0, 0.3), covariance: Float64Array.of(0.2, 0.1, 0.1, 0.5) },
      DRAWS,
      randomStream(1, 'objective'),
    );
    const slack = posteriorSamples(
      { mean: Float64Array.of(1, 0.5), covariance: Float64Array.of(0, 0, 0, 0.16) },
      DRAWS,
      randomStream(1, 'slack'),
    );
    const [baseline, arm] = armProbabilities(objective, [slack], 2);
    const better = normalCdf(0.3 / Math.sqrt(0.5));
    const feasible = normalCdf(0.5 / 0.4);
    expect(baseline!.feasible.probability).equal(1);
    for (const [sampled, exact] of [
      [arm!.better, better],
      [arm!.feasible, feasible],
      [arm!.best, better * feasible],
      [baseline!.best, 1 - better * feasible],
    ] as const) {
      expect(Math.abs(sampled.probability - exact)).below(4 * sampled.standardError);
      expect(sampled.standardError).closeTo(Math.sqrt((exact * (1 - exact)) / DRAWS), 1e-4);
    }
  });

  it('gives alike arms the same chance, baseline included, and all of it', () => {
    const covariance = Float64Array.from({ length: 25 }, (_, at) => (at % 6 === 0 ? 2 : 1));
    const samples = posteriorSamples(
      { mean: new Float64Array(5), covariance },
      DRAWS,
      randomStream(2, 'alike'),
    );
    const arms = armProbabilities(samples, [], 5);
    expect(arms.reduce((sum, { best }) => sum + best.probability, 0)).closeTo(1, 1e-12);
    for (const { best, feasible } of arms) {
      expect(Math.abs(best.probability - 0.2)).below(4 * best.standardError);
      expect(feasible.probability).equal(1);
    }
  });

  it('refuses lengths that disagree', () => {
    expect(() => armProbabilities(new Float64Array(5), [], 2)).throw(
      RangeError,
      '5 samples are not draws of 2',
    );
    expect(() => armProbabilities(new Float64Array(0), [], 2)).throw(RangeError, '0 samples');
    expect(() => armProbabilities(new Float64Array(4), [new Float64Array(2)], 2)).throw(
      RangeError,
      '2 slacks of 4',
    );
  });
});

describe('posteriorOfLifts', () => {
  it('puts the control first, known to be 0', () => {
    const means = [
      { arm: 'baseline', mean: 1, variance: 1e-4, n: null },
      { arm: 'a', mean: 1.1, variance: 4e-4, n: null },
      { arm: 'b', mean: 0.9, variance: 9e-4, n: null },
    ];
    const lifts = relativeLifts(means, 'baseline');
    const { mean, covariance } = posteriorOfLifts(lifts);
    expect([...mean]).deep.equal([0, ...lifts.estimates]);
    const [aa, ab, ba, bb] = lifts.covariance;
    expect([...covariance]).deep.equal([0, 0, 0, 0, aa, ab, 0, ba, bb]);
  });
});
