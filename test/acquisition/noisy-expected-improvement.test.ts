import { expect } from 'chai';
import * as fc from 'fast-check';
import { logConstrainedExpectedImprovement } from '../../acquisition/constrained-expected-improvement.ts';
import { type FirstFeasible, firstFeasible } from '../../acquisition/feasible-improvement.ts';
import { noisyExpectedImprovement } from '../../acquisition/noisy-expected-improvement.ts';
import { bestFeasible, type NoisyProblem } from '../../acquisition/noisy-problem.ts';
import { chooseCandidate } from '../../acquisition/optimize.ts';
import { jointPosterior, predict } from '../../gp/posterior.ts';
import { cholesky } from '../../math/cholesky.ts';
import { createPolytope } from '../../math/polytope/polytope.ts';
import { randomStream } from '../../math/random.ts';
import { dot } from '../../math/triangular.ts';
import { expectSlopes } from './expect-slopes.ts';
import { noisyStudy } from './noisy-study.ts';

const PENDING = [0.3, 0.8, 0.9, 0.1];
const XS = [
  [0.2, 0.3],
  [0.45, 0.6],
  [0.95, 0.9],
  [0.05, 0.5],
].map((x) => Float64Array.from(x));

function criterion(problem: NoisyProblem, samples?: number, seed = 7) {
  return noisyExpectedImprovement(problem, randomStream(seed, 'nei'), samples).criterion;
}

function valueAt(problem: NoisyProblem, x: Float64Array, samples?: number, seed?: number): number {
  return criterion(problem, samples, seed)(x, new Float64Array(x.length));
}

/** Of a problem whose observations are exact, at x. */
function analytic(
  { processes, objective, guardrails }: NoisyProblem,
  best: number | FirstFeasible,
  x: Float64Array,
) {
  const outcomes = [objective.metric, ...guardrails.map(({ metric }) => metric)];
  const moments = outcomes.map((metric) => predict(processes[metric]!, x));
  const outputs = processes.map(
    ({ outputs, standardization: s }) =>
      (i: number) =>
        s.mean + s.stddev * outputs[i]!,
  );
  return logConstrainedExpectedImprovement(
    best,
    guardrails.map(({ metric, relation, factor, offset }) => ({
      relation,
      bound: offset + factor * outputs[metric]!(0),
    })),
    Float64Array.from(moments, ({ mean }) => mean),
    Float64Array.from(moments, ({ variance }) => variance),
    new Float64Array(outcomes.length),
    new Float64Array(outcomes.length),
  );
}

describe('noisyExpectedImprovement', () => {
  it('is the analytic log constrained EI, digit for digit, where observations are exact', () => {
    const problem = noisyStudy({ noise: 'none' });
    const output = (m: number, i: number) => {
      const { outputs, standardization: s } = problem.processes[m]!;
      return s.mean + s.stddev * outputs[i]!;
    };
    const best = bestFeasible(problem, 12, output, [0.8 * output(1, 0), 1.2]);
    expect(best.index).at.least(0);
    for (const x of XS) expect(valueAt(problem, x, 4)).closeTo(analytic(problem, best.value, x), 1e-9);
  });

  it('weighs the probability of feasibility by the gain over the mean while no observation is feasible', () => {
    const feasible = noisyStudy({ noise: 'none' });
    const problem = {
      ...feasible,
      guardrails: [feasible.guardrails[0]!, { ...feasible.guardrails[1]!, offset: 0.1 }],
    };
    const { feasibleShare } = noisyExpectedImprovement(problem, randomStream(1), 4);
    expect(feasibleShare).equal(0);
    const { metric, sign } = problem.objective;
    const { outputs, standardization: scale } = problem.processes[metric]!;
    const observed = outputs.map((y) => sign * (scale.mean + scale.stddev * y));
    const first = firstFeasible(observed);
    for (const x of XS) expect(valueAt(problem, x, 4)).closeTo(analytic(problem, first, x), 1e-6);
  });

  it('agrees with joint posterior samples at all points within 4.5 standard errors', () => {
    const problem = noisyStudy({ pending: PENDING });
    const random = randomStream(3, 'direct');
    const draws = 40_000;
    for (const x of XS.slice(0, 2)) {
      const points = Float64Array.of(...problem.observed, ...problem.pending, ...x);
      const m = points.length / 2;
      const joint = problem.processes.map((process) => {
        const { mean, covariance } = jointPosterior(process, points);
        return { mean, factor: cholesky(covariance, m).factor };
      });
      let sum = 0;
      let squares = 0;
      for (let s = 0; s < draws; s++) {
        const values = joint.map(({ mean, factor }) => {
          const normals = mean.map(() => random.normal());
          return mean.map((each, i) => each + dot(factor, i * m, normals, 0, i + 1));
        });
        const bounds = [0.8 * values[1]![0]!, 1.2];
        const before = bestFeasible(problem, m - 1, (metric, i) => values[metric]![i]!, bounds);
        const after = bestFeasible(problem, m, (metric, i) => values[metric]![i]!, bounds);
        const { standardization, hyperparameters } = problem.processes[0]!;
        const first = standardization.stddev * Math.sqrt(hyperparameters.outputscale);
        const gain = before.index >= 0 ? after.value - before.value : after.index >= 0 ? first : 0;
        sum += gain;
        squares += gain ** 2;
      }
      const error = Math.sqrt((squares / draws - (sum / draws) ** 2) / draws);
      expect(Math.abs(Math.exp(valueAt(problem, x, 2048)) - sum / draws)).below(4.5 * error);
    }
  });

  it('has the gradient that central differences give, pending points or not', () => {
    const coordinate = fc.double({ min: 0.02, max: 0.98, noNaN: true });
    for (const problem of [
      noisyStudy(),
      noisyStudy({ pending: PENDING }),
      noisyStudy({ noise: 'inferred' }),
    ]) {
      const f = criterion(problem, 32);
      fc.assert(
        fc.property(coordinate, coordinate, (a, b) => expectSlopes(f, Float64Array.of(a, b))),
        { numRuns: 40 },
      );
    }
  });

  it('keeps that gradient where a pending point repeats an exact observation, or another one', () => {
    const repeated = noisyStudy().observed.slice(0, 2);
    const f = criterion(noisyStudy({ noise: 'none', pending: [...repeated, 0.3, 0.8, 0.3, 0.8 + 1e-9] }), 32);
    for (const x of XS) expectSlopes(f, x, 1e-5, 1e-3);
  });

  it('is estimated by 128 samples to about a tenth, by 1024 to a twentieth', () => {
    const problem = noisyStudy({ pending: PENDING });
    for (const x of XS.slice(0, 2)) {
      const reference = valueAt(problem, x, 8192);
      const rms = (samples: number): number => {
        const errors = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => valueAt(problem, x, samples, seed) - reference);
        return Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
      };
      expect(rms(128)).below(0.12);
      expect(rms(1024)).below(0.05);
    }
  });

  it('does not depend on the order of the observations', () => {
    const order = [7, 3, 0, 11, 5, 1, 9, 2, 10, 4, 8, 6];
    for (const x of XS) {
      const options = { pending: PENDING, replicates: 3 };
      const given = valueAt(noisyStudy(options), x);
      expect(valueAt(noisyStudy({ ...options, order }), x)).closeTo(given, 1e-7);
    }
  });

  it('takes replicates, and is finite at observed points', () => {
    for (const noise of ['known', 'inferred', 'none'] as const) {
      const problem = noisyStudy({ replicates: 4, noise, pending: PENDING });
      const f = criterion(problem);
      for (let i = 0; i < 12; i++) {
        const gradient = new Float64Array(2);
        expect(Number.isFinite(f(problem.observed.slice(2 * i, 2 * i + 2), gradient))).equal(true);
        expect(gradient.every(Number.isFinite)).equal(true);
      }
    }
  });

  it('leaves out what is never best, and keeps the reference and what is pending', () => {
    const without = noisyExpectedImprovement(noisyStudy({ n: 60 }), randomStream(1));
    expect(without.baselineSize).within(2, 30);
    const pending = noisyExpectedImprovement(noisyStudy({ n: 60, pending: PENDING }), randomStream(1));
    expect(pending.baselineSize).at.least(3);
  });

  it('sees metrics at any scale alike', () => {
    const problem = noisyStudy({ pending: PENDING });
    const scaled = (factor: number): NoisyProblem => ({
      ...problem,
      processes: problem.processes.map((process) => ({
        ...process,
        standardization: {
          mean: factor * process.standardization.mean,
          stddev: factor * process.standardization.stddev,
        },
      })),
      guardrails: problem.guardrails.map((each) => ({ ...each, offset: factor * each.offset })),
    });
    for (const factor of [1e-12, 1e12]) {
      for (const x of XS) {
        expect(valueAt(scaled(factor), x) - Math.log(factor)).closeTo(valueAt(problem, x), 1e-6);
      }
    }
  });

  it('chooses the points of a batch away from each other, the same ones again', () => {
    const polytope = createPolytope({ names: ['a', 'b'], lower: [0, 0], upper: [1, 1] });
    const batch = () => {
      const chosen: Float64Array[] = [];
      for (let q = 0; q < 4; q++) {
        const problem = noisyStudy({ n: 8, pending: chosen.flatMap((w) => [...w]) });
        const random = randomStream(5, 'batch', q);
        const { criterion } = noisyExpectedImprovement(problem, random);
        chosen.push(
          chooseCandidate(polytope, criterion, {
            pending: chosen,
            completedNoiseFree: [],
            incumbents: [],
            random,
          }).w,
        );
      }
      return chosen;
    };
    const chosen = batch();
    for (const [i, w] of chosen.entries()) {
      for (const other of chosen.slice(0, i))
        expect(Math.hypot(w[0]! - other[0]!, w[1]! - other[1]!)).above(0.02);
    }
    expect(batch()).deep.equal(chosen);
  });

  it('refuses a process without some of the observations, and a relative bound without its reference', () => {
    const problem = noisyStudy();
    const more = { ...problem, observed: Float64Array.of(...problem.observed, ...XS[0]!) };
    expect(() => criterion(more)).throw(RangeError, 'process 0 has 12 observations of 2, expected 13');
    const { reference: _, ...unreferenced } = problem;
    expect(() => criterion(unreferenced)).throw(RangeError, 'reference undefined');
    expect(() => criterion({ ...problem, observed: Float64Array.of(0.5) })).throw(
      RangeError,
      '1 and 0 numbers',
    );
    expect(() => criterion({ ...problem, objective: { metric: 3, sign: 1 } })).throw(RangeError, 'metric 3');
  });
});
