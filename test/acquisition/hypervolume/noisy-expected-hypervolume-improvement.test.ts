import { expect } from 'chai';
import * as fc from 'fast-check';
import { hypervolume } from '../../../acquisition/hypervolume/hypervolume.ts';
import { noisyExpectedHypervolumeImprovement } from '../../../acquisition/hypervolume/noisy-expected-hypervolume-improvement.ts';
import type { ParetoProblem } from '../../../acquisition/hypervolume/pareto-problem.ts';
import { noisyExpectedImprovement } from '../../../acquisition/noisy-expected-improvement.ts';
import { chooseCandidate, type Criterion } from '../../../acquisition/optimize.ts';
import { condition } from '../../../gp/gaussian-process.ts';
import { jointPosterior, predict } from '../../../gp/posterior.ts';
import { cholesky } from '../../../math/cholesky.ts';
import { logNormalCdf } from '../../../math/normal.ts';
import { createPolytope } from '../../../math/polytope/polytope.ts';
import { randomStream } from '../../../math/random.ts';
import { dot } from '../../../math/triangular.ts';
import { expectSlopes } from '../expect-slopes.ts';
import { noisyStudy } from '../noisy-study.ts';
import { paretoStudy } from './pareto-study.ts';

const PENDING = [0.3, 0.8, 0.9, 0.1];
const XS = [
  [0.2, 0.3],
  [0.45, 0.6],
  [0.95, 0.9],
  [0.05, 0.5],
].map((x) => Float64Array.from(x));

function criterion(problem: ParetoProblem, samples?: number, seed = 7): Criterion {
  return noisyExpectedHypervolumeImprovement(problem, randomStream(seed, 'nehvi'), samples).criterion;
}

function valueAt(problem: ParetoProblem, x: Float64Array, samples?: number): number {
  return criterion(problem, samples)(x, new Float64Array(x.length));
}

function baselineSize(pending: readonly number[]): number {
  return noisyExpectedHypervolumeImprovement(paretoStudy({ n: 60, pending }), randomStream(1)).baselineSize;
}

describe('noisyExpectedHypervolumeImprovement', () => {
  it('is the noisy expected improvement where there is one objective and a reference below all values', () => {
    for (const options of [{}, { pending: PENDING }, { noise: 'none' }] as const) {
      const study = noisyStudy(options);
      const single = noisyExpectedImprovement(study, randomStream(7, 'nehvi')).criterion;
      const several = criterion({ ...study, objectives: [study.objective], referencePoint: [-1e6] });
      for (const x of XS) {
        const gradients = [new Float64Array(2), new Float64Array(2)] as const;
        expect(several(x, gradients[0])).closeTo(single(x, gradients[1]), 1e-9);
        for (const k of [0, 1]) expect(gradients[0][k]).closeTo(gradients[1][k]!, 1e-7);
      }
    }
  });

  for (const objectives of [2, 3, 4]) {
    it(`agrees with joint posterior samples at all points within 4.5 standard errors: ${objectives} objectives`, () => {
      const problem = paretoStudy({ objectives, pending: PENDING });
      const { referencePoint } = problem;
      const random = randomStream(3, 'direct', objectives);
      const draws = 4000;
      for (const x of XS.slice(0, 2)) {
        const points = Float64Array.of(...problem.observed, ...problem.pending, ...x);
        const m = points.length / 2;
        const joint = problem.processes.map((process) => {
          const { mean, covariance } = jointPosterior(process, points);
          return { mean, factor: cholesky(covariance, m).factor };
        });
        const first = problem.processes
          .slice(0, objectives)
          .reduce(
            (product, { standardization: s, hyperparameters: h }) =>
              product * s.stddev * Math.sqrt(h.outputscale),
            1,
          );
        let sum = 0;
        let squares = 0;
        for (let s = 0; s < draws; s++) {
          const values = joint.map(({ mean, factor }) => {
            const normals = mean.map(() => random.normal());
            return mean.map((each, i) => each + dot(factor, i * m, normals, 0, i + 1));
          });
          const feasible = Array.from({ length: m }, (_, i) => i).filter(
            (i) => values[objectives]![i]! >= 0.8 * values[objectives]![0]!,
          );
          const volume = (among: readonly number[]): number =>
            hypervolume(
              among.map((i) => problem.objectives.map(({ metric, sign }) => sign * values[metric]![i]!)),
              referencePoint,
            );
          const before = feasible.filter((i) => i < m - 1);
          const gain = before.length > 0 ? volume(feasible) - volume(before) : feasible.length * first;
          sum += gain;
          squares += gain ** 2;
        }
        const error = Math.sqrt((squares / draws - (sum / draws) ** 2) / draws);
        expect(Math.abs(Math.exp(valueAt(problem, x, 2048)) - sum / draws)).below(4.5 * error);
      }
    }).timeout(30_000);

    it(`has the gradient that central differences give: ${objectives} objectives`, () => {
      const coordinate = fc.double({ min: 0.02, max: 0.98, noNaN: true });
      for (const options of [{}, { pending: PENDING }, { noise: 'inferred' }] as const) {
        const f = criterion(paretoStudy({ objectives, ...options }), 32);
        fc.assert(
          fc.property(coordinate, coordinate, (a, b) => expectSlopes(f, Float64Array.of(a, b))),
          { numRuns: 30 },
        );
      }
    });

    it(`keeps a finite value and that gradient where improvement is all but impossible: ${objectives} objectives`, () => {
      const referencePoint = Array.from({ length: objectives }, () => 40);
      const f = criterion(paretoStudy({ objectives, noise: 'none', referencePoint }), 8);
      for (const x of XS) {
        expect(f(x, new Float64Array(2))).below(-1000);
        expectSlopes(f, x);
      }
    });
  }

  it('is the log probability of feasibility while no observation is feasible', () => {
    const problem = paretoStudy({ noise: 'none', offset: 3 });
    const { feasibleShare } = noisyExpectedHypervolumeImprovement(problem, randomStream(1), 4);
    expect(feasibleShare).equal(0);
    for (const x of XS) {
      const { mean, variance } = predict(problem.processes[2]!, x);
      expect(valueAt(problem, x, 4)).closeTo(logNormalCdf((mean - 3) / Math.sqrt(variance)), 1e-9);
    }
  });

  it('is finite at observed points, exact or not', () => {
    for (const noise of ['known', 'inferred', 'none'] as const) {
      const problem = paretoStudy({ objectives: 3, noise, pending: [...PENDING, ...PENDING] });
      const f = criterion(problem, 32);
      for (let i = 0; i < 10; i++) {
        const gradient = new Float64Array(2);
        expect(Number.isFinite(f(problem.observed.slice(2 * i, 2 * i + 2), gradient))).equal(true);
        expect(gradient.every(Number.isFinite)).equal(true);
      }
    }
  });

  it('leaves out what is on no front, and keeps the reference and what is pending', () => {
    expect(baselineSize([])).within(3, 40);
    expect(baselineSize(PENDING)).at.least(3);
  });

  it('keeps all of a front of exact observations, however large', () => {
    const n = 90;
    const { processes, metrics, objectives, referencePoint } = paretoStudy();
    const X = Float64Array.from({ length: 2 * n }, (_, k) => (k % 2 === 0 ? k / (2 * n) : 0.5));
    const rising = Float64Array.from({ length: n }, (_, i) => i / n);
    const exact = condition(
      { dimension: 2, X, y: rising, noise: { kind: 'none' } },
      processes[0]!.hyperparameters,
    );
    // To be maximised and to be minimised: each point is a trade-off.
    const problem = {
      processes: [exact, exact],
      metrics: metrics.slice(0, 2),
      objectives,
      guardrails: [],
      observed: X,
      pending: new Float64Array(0),
      referencePoint,
    };
    expect(noisyExpectedHypervolumeImprovement(problem, randomStream(1), 1).baselineSize).equal(n);
  });

  it('sees metrics at any scale alike', () => {
    const problem = paretoStudy({ pending: PENDING });
    const scaled = (factor: number): ParetoProblem => ({
      ...problem,
      processes: problem.processes.map((process) => ({
        ...process,
        standardization: {
          mean: factor * process.standardization.mean,
          stddev: factor * process.standardization.stddev,
        },
      })),
      referencePoint: problem.referencePoint.map((value) => factor * value),
    });
    for (const factor of [1e-12, 1e12]) {
      for (const x of XS) {
        expect(valueAt(scaled(factor), x) - 2 * Math.log(factor)).closeTo(valueAt(problem, x), 1e-6);
      }
    }
  });

  it('chooses the points of a batch away from each other', () => {
    const polytope = createPolytope({ names: ['a', 'b'], lower: [0, 0], upper: [1, 1] });
    const chosen: Float64Array[] = [];
    for (let q = 0; q < 3; q++) {
      const random = randomStream(5, 'batch', q);
      const problem = paretoStudy({ pending: chosen.flatMap((w) => [...w]) });
      const { criterion: f } = noisyExpectedHypervolumeImprovement(problem, random);
      const context = { pending: chosen, completedNoiseFree: [], incumbents: [], random };
      chosen.push(chooseCandidate(polytope, f, context).w);
    }
    for (const [i, w] of chosen.entries()) {
      for (const other of chosen.slice(0, i))
        expect(Math.hypot(w[0]! - other[0]!, w[1]! - other[1]!)).above(0.02);
    }
  });

  it('refuses no objectives, five, a reference point of another length, and a metric without a process', () => {
    const problem = paretoStudy();
    const [objective] = problem.objectives;
    expect(() => criterion({ ...problem, objectives: [] })).throw(RangeError, 'got 0');
    const five = [1, 2, 3, 4, 5].map(() => objective!);
    expect(() => criterion({ ...problem, objectives: five })).throw(RangeError, '1 to 4 objectives, got 5');
    expect(() => criterion({ ...problem, referencePoint: [1] })).throw(
      RangeError,
      'expected 2 objectives, got 1',
    );
    expect(() => criterion({ ...problem, referencePoint: [1, -Infinity] })).throw(RangeError, 'finite');
    expect(() => criterion({ ...problem, objectives: [objective!, { metric: 9, sign: 1 }] })).throw(
      RangeError,
      'metric 9',
    );
    expect(() => criterion({ ...problem, observed: Float64Array.of(0.5) })).throw(
      RangeError,
      '1 and 0 numbers',
    );
  });
});
