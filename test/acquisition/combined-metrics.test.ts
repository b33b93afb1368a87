import { expect } from 'chai';
import * as fc from 'fast-check';
import { hypervolume } from '../../acquisition/hypervolume/hypervolume.ts';
import { noisyExpectedHypervolumeImprovement } from '../../acquisition/hypervolume/noisy-expected-hypervolume-improvement.ts';
import type { ParetoProblem } from '../../acquisition/hypervolume/pareto-problem.ts';
import { noisyExpectedImprovement } from '../../acquisition/noisy-expected-improvement.ts';
import { bestFeasible, type NoisyProblem } from '../../acquisition/noisy-problem.ts';
import type { Criterion } from '../../acquisition/optimize.ts';
import { thompsonSamples } from '../../acquisition/thompson.ts';
import type { GaussianProcess } from '../../gp/gaussian-process.ts';
import { combinedMean, type LinearCombination, partAlone } from '../../gp/linear-combination.ts';
import { jointPosterior } from '../../gp/posterior.ts';
import { cholesky } from '../../math/cholesky.ts';
import { normalCdf } from '../../math/normal.ts';
import { type Random, randomStream } from '../../math/random.ts';
import { dot } from '../../math/triangular.ts';
import { paretoStudy } from './hypervolume/pareto-study.ts';
import { noisyStudy } from './noisy-study.ts';

const PENDING = [0.3, 0.8, 0.9, 0.1];
const XS = [
  [0.2, 0.3],
  [0.45, 0.6],
].map((x) => Float64Array.from(x));
/** 1 in 150,000 a check. */
const STANDARD_ERRORS = 4.5;
const SAMPLES = 2048;

const combination = (
  coefficients: Readonly<Record<number, number>>,
  constant: number,
): LinearCombination => ({
  terms: Object.entries(coefficients).map(([part, coefficient]) => ({ part: Number(part), coefficient })),
  constant,
});

/** A sum to be maximised under a plain guardrail, and a process to be minimised under a guardrail on a difference. */
const PROBLEMS: Readonly<Record<string, NoisyProblem>> = {
  'an objective': {
    ...noisyStudy({ pending: PENDING }),
    metrics: [combination({ 0: 2, 1: -0.5 }, 1), partAlone(2)],
    objective: { metric: 0, sign: 1 },
    guardrails: [{ metric: 1, relation: '<=', factor: 0, offset: 1.2 }],
  },
  'a guardrail relative to the reference': {
    ...noisyStudy({ pending: PENDING }),
    metrics: [combination({ 0: -1 }, 0), combination({ 1: 0.7, 2: -0.4 }, 0.3)],
    objective: { metric: 0, sign: -1 },
    guardrails: [{ metric: 1, relation: '>=', factor: 0.8, offset: 0 }],
  },
};

const SEVERAL: ParetoProblem = {
  ...paretoStudy({ objectives: 3, pending: PENDING, referencePoint: [-1.5, -1.2] }),
  metrics: [combination({ 0: 0.6, 2: -0.8 }, 0.1), partAlone(1), partAlone(3)],
  objectives: [
    { metric: 0, sign: 1 },
    { metric: 1, sign: -1 },
  ],
  guardrails: [{ metric: 2, relation: '>=', factor: 0.8, offset: 0 }],
};

function criterion(problem: NoisyProblem, samples?: number): Criterion {
  return noisyExpectedImprovement(problem, randomStream(7, 'nei'), samples).criterion;
}

function criterionOfSeveral(samples?: number): Criterion {
  return noisyExpectedHypervolumeImprovement(SEVERAL, randomStream(7, 'nehvi'), samples).criterion;
}

/** Draws of each metric at all points: every process drawn from its joint posterior, then combined. */
function jointDraws(
  processes: readonly GaussianProcess[],
  metrics: readonly LinearCombination[],
  points: Float64Array,
  random: Random,
): () => (metric: number, point: number) => number {
  const m = points.length / 2;
  const joint = processes.map((process) => {
    const { mean, covariance } = jointPosterior(process, points);
    return { mean, factor: cholesky(covariance, m).factor };
  });
  return () => {
    const values = joint.map(({ mean, factor }) => {
      const normals = mean.map(() => random.normal());
      return mean.map((each, i) => each + dot(factor, i * m, normals, 0, i + 1));
    });
    return (metric, i) =>
      combinedMean(
        metrics[metric]!,
        values.map((each) => each[i]!),
      );
  };
}

/** Expects the criterion to be the log of the mean of the gains. */
function expectMean(gains: Float64Array, log: number): void {
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / gains.length;
  expect(Math.abs(Math.exp(log) - mean)).to.be.below(STANDARD_ERRORS * Math.sqrt(variance / gains.length));
}

function expectSlopes(f: Criterion): void {
  const coordinate = fc.double({ min: 0.02, max: 0.98, noNaN: true });
  fc.assert(
    fc.property(coordinate, coordinate, (a, b) => {
      const gradient = new Float64Array(2);
      const unused = new Float64Array(2);
      const x = Float64Array.of(a, b);
      f(x, gradient);
      for (const k of [0, 1]) {
        const step = 1e-6;
        const slope = (f(x.with(k, x[k]! + step), unused) - f(x.with(k, x[k]! - step), unused)) / (2 * step);
        expect(gradient[k]).to.be.closeTo(slope, 1e-4 * Math.max(1, Math.abs(slope)));
      }
    }),
    { numRuns: 30 },
  );
}

describe('noisy criteria of metrics that combine several processes', () => {
  for (const [what, problem] of Object.entries(PROBLEMS)) {
    it(`agree with joint samples of the processes within 4.5 standard errors: ${what}`, () => {
      const [{ factor, offset }] = problem.guardrails as [NoisyProblem['guardrails'][number]];
      for (const x of XS) {
        const points = Float64Array.of(...problem.observed, ...problem.pending, ...x);
        const random = randomStream(3, 'direct', what);
        const draw = jointDraws(problem.processes, problem.metrics, points, random);
        const m = points.length / 2;
        const gains = Float64Array.from({ length: 20_000 }, () => {
          const value = draw();
          const bounds = [offset + factor * value(1, 0)];
          const before = bestFeasible(problem, m - 1, value, bounds);
          expect(before.index).to.be.at.least(0);
          return bestFeasible(problem, m, value, bounds).value - before.value;
        });
        expectMean(gains, criterion(problem, SAMPLES)(x, new Float64Array(2)));
      }
    });

    it(`have the gradient that central differences give: ${what}`, () =>
      expectSlopes(criterion(problem, 32)));
  }

  it('agree with them where one of several objectives combines two', () => {
    const { processes, metrics, objectives, referencePoint } = SEVERAL;
    for (const x of XS) {
      const points = Float64Array.of(...SEVERAL.observed, ...SEVERAL.pending, ...x);
      const m = points.length / 2;
      const draw = jointDraws(processes, metrics, points, randomStream(4, 'direct'));
      const gains = Float64Array.from({ length: 4000 }, () => {
        const value = draw();
        const feasible = Array.from({ length: m }, (_, i) => i).filter(
          (i) => value(2, i) >= 0.8 * value(2, 0),
        );
        const volume = (among: readonly number[]): number =>
          hypervolume(
            among.map((i) => objectives.map(({ metric, sign }) => sign * value(metric, i))),
            referencePoint,
          );
        const before = feasible.filter((i) => i < m - 1);
        expect(before.length).to.be.above(0);
        return volume(feasible) - volume(before);
      });
      expectMean(gains, criterionOfSeveral(SAMPLES)(x, new Float64Array(2)));
    }
  }).timeout(30_000);

  it('have the gradient that central differences give where one of several objectives combines two', () =>
    expectSlopes(criterionOfSeveral(32)));

  it('move with an affine map of the objective, by the log of its scale alone', () => {
    const plain = noisyStudy({ pending: PENDING });
    const mapped = (scale: number, shift: number): NoisyProblem => ({
      ...plain,
      metrics: plain.metrics.with(0, combination({ 0: scale }, shift)),
      objective: { metric: 0, sign: scale > 0 ? 1 : -1 },
    });
    for (const x of XS) {
      const value = criterion(plain)(x, new Float64Array(2));
      expect(criterion(mapped(-1, 0))(x, new Float64Array(2))).to.equal(value);
      for (const [scale, shift] of [
        [1, 40],
        [3, -7],
        [-0.2, 2],
      ] as const) {
        const of = criterion(mapped(scale, shift))(x, new Float64Array(2));
        expect(of - Math.log(Math.abs(scale))).to.be.closeTo(value, 1e-9);
      }
    }
  });

  it('let Thompson samples choose as often as one sum beats the other', () => {
    const problem = { ...PROBLEMS['an objective']!, guardrails: [] };
    const candidates = Float64Array.of(0.2, 0.05, 0.6, 0.95);
    const draws = 4000;
    const choices = thompsonSamples(problem, candidates, draws, randomStream(1, 'thompson'));
    const [first, second] = problem.processes.map((process) => {
      const { mean, covariance } = jointPosterior(process, candidates);
      return { mean: mean[0]! - mean[1]!, variance: covariance[0]! + covariance[3]! - 2 * covariance[1]! };
    });
    const mean = 2 * first!.mean - 0.5 * second!.mean;
    const expected = normalCdf(mean / Math.sqrt(4 * first!.variance + 0.25 * second!.variance));
    const share = choices.filter(({ index }) => index === 0).length / draws;
    expect(Math.abs(share - expected)).to.be.below(
      STANDARD_ERRORS * Math.sqrt((expected * (1 - expected)) / draws),
    );
    expect(expected).to.be.within(0.02, 0.98);
  });

  it('refuse a metric of a process that is not there', () => {
    const problem = PROBLEMS['an objective']!;
    const missing = { ...problem, metrics: [combination({ 3: 1 }, 0), partAlone(2)] };
    expect(() => criterion(missing)).to.throw(RangeError, 'part 3 is none of 3 processes');
    expect(() => criterion({ ...problem, metrics: [] })).to.throw(RangeError, 'metric 0 is none of 0');
  });
});
