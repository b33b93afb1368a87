import { expect } from 'chai';
import { Matrix, solve } from 'ml-matrix';
import { posteriorSamples } from '../../../gp/posterior-samples.ts';
import { logH } from '../../../math/normal.ts';
import { randomStream } from '../../../math/random.ts';
import { expectedBestGains, expectedGainOfExperiment } from '../../../src/online/plan/expected-gain.ts';
import { armsThatFit, experimentPlan, type PlanSettings } from '../../../src/online/plan/experiment-plan.ts';

/** A baseline that is known well and arms that are not, alike in pairs. */
const POSTERIOR = {
  mean: Float64Array.of(1, 1.02, 0.95, 1.01, 1),
  covariance: Float64Array.from(
    [
      [0.001, 0, 0, 0, 0],
      [0, 0.01, 0.008, 0, 0],
      [0, 0.008, 0.01, 0.001, 0],
      [0, 0, 0.001, 0.02, 0.015],
      [0, 0, 0, 0.015, 0.02],
    ].flat(),
  ),
};

const SETTINGS: PlanSettings = {
  unitsPerDay: 10_000,
  days: 14,
  control: 'sharpest',
  correction: 'dunnett',
  alpha: 0.05,
  power: 0.8,
};

const METRICS = [
  { name: 'clicks', mean: 1, stddev: 3, relevantEffect: 0.06 },
  { name: 'savers', mean: 0.1, stddev: 0.3, relevantEffect: null },
];

/** E[D⁺] of D ~ N(mean, variance). */
function positivePart(mean: number, variance: number): number {
  const stddev = Math.sqrt(variance);
  return stddev * Math.exp(logH(mean / stddev));
}

describe('expectedBestGains', () => {
  it('is the expected positive part of the difference where there is one arm', () => {
    const samples = posteriorSamples(POSTERIOR, 40_000, randomStream(1, 'gains'));
    const [one] = expectedBestGains(samples, 5);
    expect(Math.abs(one!.mean - positivePart(0.02, 0.011))).below(4 * one!.standardError);
  });

  it('grows with every arm and is the mean of what each draw gains', () => {
    const samples = Float64Array.of(0, 1, 2, 5, 3, 6);
    const gains = expectedBestGains(samples, 3);
    expect(gains.map(({ mean }) => mean)).deep.equal([0.5, 1.5]);
    expect(gains.map(({ standardError }) => standardError)).deep.equal([0.5, 0.5]);
    const random = expectedBestGains(posteriorSamples(POSTERIOR, 500, randomStream(2, 'gains')), 5);
    random.slice(1).forEach(({ mean }, i) => expect(mean).at.least(random[i]!.mean));
  });

  it('refuses samples that are no draws', () => {
    expect(() => expectedBestGains(new Float64Array(7), 3)).throw(RangeError, '7 samples are not draws of 3');
    expect(() => expectedBestGains(new Float64Array(7), 1)).throw(RangeError, 'draws of 1');
  });
});

describe('expectedGainOfExperiment', () => {
  const noise = Float64Array.of(0.002, 0.004, 0.004, 0.004, 0.004);

  it('is what shipping the best posterior mean truly gains, in simulated experiments', () => {
    const planned = expectedGainOfExperiment(POSTERIOR, noise, 40_000, randomStream(3, 'planned'));
    const random = randomStream(4, 'simulated');
    const draws = 20_000;
    const truths = posteriorSamples(POSTERIOR, draws, random);
    const C = Matrix.from1DArray(5, 5, Array.from(POSTERIOR.covariance));
    const gain = C.mmul(solve(Matrix.add(C, Matrix.diag(Array.from(noise))), Matrix.eye(5)));
    let sum = 0;
    let squares = 0;
    for (let draw = 0; draw < draws; draw++) {
      const truth = truths.subarray(5 * draw, 5 * draw + 5);
      const surprise = Array.from(truth, (value, i) => {
        return value + Math.sqrt(noise[i]!) * random.normal() - POSTERIOR.mean[i]!;
      });
      const updated = gain.mmul(Matrix.columnVector(surprise)).to1DArray();
      const means = updated.map((value, i) => value + POSTERIOR.mean[i]!);
      const shipped = means.indexOf(Math.max(...means));
      const gained = truth[shipped]! - truth[0]!;
      sum += gained;
      squares += gained * gained;
    }
    const mean = sum / draws;
    const error = Math.hypot(Math.sqrt((squares / draws - mean * mean) / draws), planned.standardError);
    expect(Math.abs(mean - planned.mean)).below(4 * error);
  });

  it('has the closed form of one arm, E[D⁺] of what is learned', () => {
    const two = { mean: Float64Array.of(1, 1.02), covariance: Float64Array.of(0, 0, 0, 0.01) };
    const { mean, standardError } = expectedGainOfExperiment(
      two,
      Float64Array.of(0.001, 0.01),
      40_000,
      randomStream(5, 'one arm'),
    );
    expect(Math.abs(mean - positivePart(0.02, 0.005))).below(4 * standardError);
  });

  it('lies below what the truth would gain, and reaches it without noise', () => {
    const known = expectedBestGains(posteriorSamples(POSTERIOR, 20_000, randomStream(6, 'known')), 5).at(-1)!;
    const noisy = expectedGainOfExperiment(POSTERIOR, noise, 20_000, randomStream(7, 'noisy'));
    const exact = expectedGainOfExperiment(POSTERIOR, new Float64Array(5), 20_000, randomStream(8, 'exact'));
    expect(noisy.mean).below(known.mean - 4 * known.standardError);
    expect(Math.abs(exact.mean - known.mean)).below(4 * Math.hypot(known.standardError, exact.standardError));
  });

  it('refuses lengths that disagree', () => {
    expect(() => expectedGainOfExperiment(POSTERIOR, new Float64Array(4), 10, randomStream(1))).throw(
      RangeError,
      '5 points, but 4 noise variances, 10 draws',
    );
  });
});

describe('experimentPlan', () => {
  it('shows, arm by arm, larger effects only, and what the model gains beside', () => {
    const gain = { metric: 'clicks', posterior: POSTERIOR, seed: 9 };
    const plan = experimentPlan(METRICS, SETTINGS, 6, gain);
    expect(plan.map(({ arms }) => arms)).deep.equal([1, 2, 3, 4, 5, 6]);
    plan.slice(1).forEach(({ metrics }, i) => {
      metrics.forEach(({ absolute }, k) => expect(absolute).above(plan[i]!.metrics[k]!.absolute));
    });
    expect(plan.map(({ gain }) => gain === null)).deep.equal([false, false, false, false, true, true]);
    expect(experimentPlan(METRICS, SETTINGS, 6, gain)).deep.equal(plan);
    const [clicks, savers] = plan[2]!.metrics;
    expect(clicks!.relevant).equal(clicks!.relative! <= 0.06);
    expect(savers!.relevant).equal(null);
    expect(plan[2]!.controlUnits + 3 * plan[2]!.armUnits).closeTo(140_000, 1e-6);
  });

  it('counts the arms that fit the traffic', () => {
    const plan = experimentPlan(METRICS, SETTINGS, 10);
    const fitting = armsThatFit(plan);
    expect(fitting).within(1, 9);
    expect(plan[fitting - 1]!.metrics[0]!.relative).at.most(0.06);
    expect(plan[fitting]!.metrics[0]!.relative).above(0.06);
    expect(armsThatFit(experimentPlan([{ ...METRICS[0]!, relevantEffect: 1e-6 }], SETTINGS, 3))).equal(0);
    expect(armsThatFit(experimentPlan([METRICS[1]!], SETTINGS, 3))).equal(3);
  });

  it('takes equal groups and a share of one’s own', () => {
    const [equal] = experimentPlan(METRICS, { ...SETTINGS, control: 'equal' }, 1);
    expect(equal!.controlUnits).equal(equal!.armUnits);
    const [own] = experimentPlan(METRICS, { ...SETTINGS, control: 0.25 }, 1);
    expect(own!.controlUnits).equal(35_000);
  });

  it('refuses a gain in a metric that is not planned', () => {
    const gain = { metric: 'hides', posterior: POSTERIOR, seed: 9 };
    expect(() => experimentPlan(METRICS, SETTINGS, 1, gain)).throw(RangeError, 'metric hides is not planned');
  });
});
