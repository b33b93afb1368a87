import { expect } from 'chai';
import { sampledImprovement } from '../../acquisition/sampled-improvement.ts';
import type { SampledMoments } from '../../acquisition/sampled-moments.ts';
import { cholesky } from '../../math/cholesky.ts';
import { quasiNormal } from '../../math/quasi-normal.ts';
import { randomStream } from '../../math/random.ts';
import { dot, solveLower } from '../../math/triangular.ts';
import { readGolden } from '../golden/read-golden.ts';

interface JointCase {
  readonly q: number;
  readonly mean: readonly (readonly number[])[];
  readonly cov: readonly (readonly (readonly number[])[])[];
  readonly constraint_lower_bounds: readonly number[];
  readonly best_f: number;
  readonly constrained_ei?: number;
  readonly standard_error?: number;
}

/** A metric's values at the first points in S samples, and the next point's moments given each. */
interface Drawn extends SampledMoments {
  readonly values: Float64Array;
}

const SAMPLES = 4096;

/** Moments of point j given samples of points 0…j − 1, by the definition of the conditional normal. */
function draw(
  mean: readonly number[],
  cov: readonly (readonly number[])[],
  j: number,
  normals: Float64Array,
) {
  const { factor } = cholesky(Float64Array.from(cov.slice(0, j).flatMap((row) => row.slice(0, j))), j);
  const t = Float64Array.from(cov[j]!.slice(0, j));
  solveLower(factor, j, t);
  const values = new Float64Array(SAMPLES * j);
  const means = new Float64Array(SAMPLES);
  for (let s = 0; s < SAMPLES; s++) {
    for (let i = 0; i < j; i++) values[s * j + i] = mean[i]! + dot(factor, i * j, normals, s * j, i + 1);
    means[s] = mean[j]! + dot(t, 0, normals, s * j, j);
  }
  return { values, means, variance: cov[j]![j]! - dot(t, 0, t, 0, j) } satisfies Drawn;
}

/** What point j adds to the best of `best_f` and the feasible ones among the points before it. */
function addedBy({ mean, cov, constraint_lower_bounds, best_f }: JointCase, j: number, seed: number): number {
  const metrics = mean.length;
  const normals = quasiNormal(SAMPLES, metrics * j, randomStream(seed, 'joint', j));
  const drawn = mean.map((each, m) => {
    const own = new Float64Array(SAMPLES * j);
    for (let s = 0; s < SAMPLES; s++) {
      for (let i = 0; i < j; i++) own[s * j + i] = normals[s * metrics * j + i * metrics + m]!;
    }
    return draw(each, cov[m]!, j, own);
  });
  const best = Float64Array.from({ length: SAMPLES }, (_, s) => {
    let most = best_f;
    for (let i = 0; i < j; i++) {
      const feasible = constraint_lower_bounds.every((bound, k) => drawn[k + 1]!.values[s * j + i]! >= bound);
      if (feasible) most = Math.max(most, drawn[0]!.values[s * j + i]!);
    }
    return most;
  });
  const improvement = sampledImprovement({
    objective: { metric: 0, sign: 1 },
    guardrails: constraint_lower_bounds.map((bound, k) => ({
      metric: k + 1,
      sign: 1,
      bounds: new Float64Array(SAMPLES).fill(bound),
    })),
    best,
    firstFeasible: { meanObjective: 0, floor: 1 },
  });
  return Math.exp(
    improvement(
      drawn,
      drawn.map(() => ({ means: new Float64Array(SAMPLES), variance: 0 })),
    ),
  );
}

describe('sampledImprovement', () => {
  it('adds up, one point of a batch after the other, to the joint constrained EI of BoTorch', () => {
    const cases = readGolden<readonly JointCase[]>('acquisition').filter(({ q }) => q > 1);
    expect(cases.map(({ q }) => q)).to.include.members([2, 3, 4]);
    for (const golden of cases) {
      const estimates = [1, 2, 3, 4, 5, 6].map((seed) => {
        let sum = 0;
        for (let j = 0; j < golden.q; j++) sum += addedBy(golden, j, seed);
        return sum;
      });
      const mean = estimates.reduce((sum, each) => sum + each, 0) / estimates.length;
      const squares = estimates.reduce((sum, each) => sum + (each - mean) ** 2, 0);
      const own = Math.sqrt(squares / (estimates.length - 1) / estimates.length);
      const combined = Math.hypot(own, golden.standard_error!);
      expect(Math.abs(mean - golden.constrained_ei!), `q = ${golden.q}`).below(4 * combined);
      expect(own, `q = ${golden.q}`).below(golden.standard_error!);
    }
  });
});
