import { expect } from 'chai';
import { Matrix, solve } from 'ml-matrix';
import { covarianceRoot } from '../../../math/covariance-root.ts';
import { logH, normalCdf } from '../../../math/normal.ts';
import { normalQuantile } from '../../../math/normal-quantile.ts';
import { randomStream } from '../../../math/random.ts';
import {
  expectedGainWithinGuardrails,
  type LiftBeliefs,
} from '../../../src/online/plan/gain-within-guardrails.ts';

const DRAWS = 40_000;
/** Standard errors of a Monte Carlo mean: six comparisons, 0.0004 of failing by chance. */
const ERRORS = 4;

const NOTHING = { guardrails: [], confidence: 0.95, objective: { metric: 0, sign: 1 } } as const;

/** E[D⁺] of D ~ N(mean, variance). */
function positivePart(mean: number, variance: number): number {
  const stddev = Math.sqrt(variance);
  return stddev * Math.exp(logH(mean / stddev));
}

function belief(mean: number, variance: number, arm: number, control = 0) {
  return {
    posterior: { mean: Float64Array.of(mean), covariance: Float64Array.of(variance) },
    noise: { arm, control },
  };
}

/** One earlier arm and two new ones, all correlated. */
const THREE = {
  mean: Float64Array.of(0.01, 0.02, 0),
  covariance: Float64Array.from(
    [
      [4, 2, 1],
      [2, 9, 3],
      [1, 3, 16],
    ]
      .flat()
      .map((value) => value * 1e-4),
  ),
};
const SECOND = {
  mean: Float64Array.of(0, -0.01, 0.005),
  covariance: Float64Array.from(
    [
      [2, 1, 0],
      [1, 3, 0.5],
      [0, 0.5, 2],
    ]
      .flat()
      .map((value) => value * 1e-4),
  ),
};
const NOISE = { arm: 3e-4, control: 1e-4 };

describe('expectedGainWithinGuardrails', () => {
  it('of one arm is the positive part of its posterior mean', () => {
    const beliefs: LiftBeliefs = { ...NOTHING, metrics: [belief(-0.01, 0.0009, 0.0003, 0.0001)] };
    const gain = expectedGainWithinGuardrails(beliefs, 0, DRAWS, randomStream(1, 'gain'));
    const expected = positivePart(-0.01, 0.0009 ** 2 / 0.0013);
    expect(Math.abs(gain.mean - expected)).to.be.below(ERRORS * gain.standardError);
  });

  it('counts where the guardrail will be known to be met, with the confidence asked', () => {
    const beliefs: LiftBeliefs = {
      metrics: [belief(0.01, 0.0009, 0.0003), belief(0, 0.0004, 0.0004)],
      objective: { metric: 0, sign: 1 },
      guardrails: [{ metric: 1, relation: '>=', bound: -0.02 }],
      confidence: 0.9,
    };
    const gain = expectedGainWithinGuardrails(beliefs, 0, DRAWS, randomStream(2, 'gain'));
    // μ′ ~ N(0, 2e-4) must be z₀.₉·√2e-4 above the bound.
    const spread = Math.sqrt(2e-4);
    const allowed = 1 - normalCdf((-0.02 + normalQuantile(0.9) * spread) / spread);
    const expected = positivePart(0.01, 0.0009 ** 2 / 0.0012) * allowed;
    expect(Math.abs(gain.mean - expected)).to.be.below(ERRORS * gain.standardError);
  });

  for (const sign of [1, -1] as const) {
    it(`is what shipping after simulated readouts is worth, of an objective of sign ${sign}`, () => {
      const guardrails = [
        { metric: 1, relation: '>=', bound: -0.03 },
        { metric: 1, relation: '<=', bound: 0.03 },
      ] as const;
      const beliefs: LiftBeliefs = {
        metrics: [
          { posterior: THREE, noise: NOISE },
          { posterior: SECOND, noise: NOISE },
        ],
        objective: { metric: 0, sign },
        guardrails,
        confidence: 0.8,
      };
      const gain = expectedGainWithinGuardrails(beliefs, 1, DRAWS, randomStream(5, 'gain'));
      const simulated = simulate(beliefs, 1, 20_000);
      const error = Math.hypot(gain.standardError, simulated.standardError);
      expect(Math.abs(gain.mean - simulated.mean)).to.be.below(ERRORS * error);
    });
  }

  it('refuses what is no experiment', () => {
    const beliefs: LiftBeliefs = { ...NOTHING, metrics: [belief(0, 1, 1)] };
    expect(() => expectedGainWithinGuardrails(beliefs, 1, 100, randomStream(1, 'x'))).to.throw(RangeError);
    expect(() => expectedGainWithinGuardrails(beliefs, 0, 1, randomStream(1, 'x'))).to.throw(RangeError);
  });
});

/** Draws a truth and a readout, conditions on it with a general solver, ships by the rule, and counts what is truly gained. */
function simulate({ metrics, objective, guardrails, confidence }: LiftBeliefs, from: number, draws: number) {
  const random = randomStream(6, 'simulate');
  const points = metrics[0]!.posterior.mean.length;
  const models = metrics.map(({ posterior, noise }) => {
    const C = Matrix.from1DArray(points, points, Array.from(posterior.covariance));
    const seen = Array.from({ length: points - from }, (_, k) => from + k);
    const V = C.selection(seen, seen).add(noise.control).add(Matrix.eye(seen.length).mul(noise.arm));
    const gains = solve(V, C.selection(seen, [...Array(points).keys()])).transpose();
    const left = Matrix.sub(C, gains.mmul(C.selection(seen, [...Array(points).keys()])));
    return { posterior, noise, seen, gains, stddev: left.diagonal().map(Math.sqrt) };
  });
  const worths = Float64Array.from({ length: draws }, () => {
    const truths: number[][] = [];
    const means = models.map(({ posterior: { mean, covariance }, noise, seen, gains }) => {
      const root = covarianceRoot(covariance, points);
      const z = Array.from({ length: points }, () => random.normal());
      const truth = Array.from(mean, (value, i) =>
        z.reduce((sum, each, j) => sum + root[i * points + j]! * each, value),
      );
      truths.push(truth);
      const shared = Math.sqrt(noise.control) * random.normal();
      const surprise = seen.map(
        (i) => truth[i]! + Math.sqrt(noise.arm) * random.normal() - shared - mean[i]!,
      );
      const moved = gains.mmul(Matrix.columnVector(surprise)).to1DArray();
      return Array.from(mean, (value, i) => value + moved[i]!);
    });
    let best = -1;
    for (let i = 0; i < points; i++) {
      const worth = objective.sign * means[objective.metric]![i]!;
      if (!(worth > (best < 0 ? 0 : objective.sign * means[objective.metric]![best]!))) continue;
      const [lower, upper] = [guardrails[0]!.bound, guardrails[1]!.bound];
      const [m, s] = [means[1]![i]!, models[1]!.stddev[i]!];
      if (normalCdf((upper - m) / s) - normalCdf((lower - m) / s) >= confidence) best = i;
    }
    return best < 0 ? 0 : objective.sign * truths[objective.metric]![best]!;
  });
  const mean = worths.reduce((sum, worth) => sum + worth / draws, 0);
  const variance = worths.reduce((sum, worth) => sum + (worth - mean) ** 2 / (draws - 1), 0);
  return { mean, standardError: Math.sqrt(variance / draws) };
}
