import { orderedSamples } from '../../../gp/posterior-samples.ts';
import { cholesky } from '../../../math/cholesky.ts';
import type { Random } from '../../../math/random.ts';
import { dot, solveLower, solveUpper } from '../../../math/triangular.ts';
import type { ArmErrors } from './arm-errors.ts';
import { jointLifts } from './joint-lifts.ts';
import type { LiftMixture } from './log-evidence.ts';
import { shuffled } from './shuffled.ts';

/** How often all metrics' components are combined; each combination gives as many draws. */
const COMBINATIONS = 16;

/** A mixture by what is known before any round. */
type PriorMixture = readonly (Pick<LiftMixture[number], 'weight'> & {
  readonly before: LiftMixture[number]['process'];
})[];

/** One component at the arms and the points: covariances of log lifts, and which combinations draw from it. */
interface Part {
  /** (arms + m)×(arms + m). */
  readonly covariance: Float64Array;
  readonly combinations: readonly number[];
}

/**
 * Draws of all metrics' lifts over the baseline at m points, given rounds in which the errors of an arm's metrics are correlated.
 *
 * Functions are apart a priori and given the log; the arms tie them together: f(x) + C_xA (C_AA + N)⁻¹(y − f(A) − ε), f a draw given the log
 * alone, ε ~ N(0, N), A the arms of all metrics. So what clicks say of an arm's users, where the log knows its clicks, is taken
 * off its saves. Components of the mixtures (over ρ) are combined by systematic sampling of each, shuffled apart.
 *
 * `X` m×d row-major in the unit cube; one `count`×m row-major a model. Throws RangeError on a wrong length, NotPositiveDefiniteError.
 * Source: Wilson et al. 2020, arXiv:2002.09309 (Matheron's rule).
 */
export function sampleJointLifts(
  models: readonly { readonly components: PriorMixture }[],
  errors: ArmErrors,
  X: Float64Array,
  count: number,
  random: Random,
): readonly Float64Array[] {
  const { arms, y, factor: root } = errors;
  const n = y.length;
  const m = X.length / models[0]!.components[0]!.before.dimension;
  const size = arms + m;
  const all = new Float64Array(errors.X.length + X.length);
  all.set(errors.X);
  all.set(X, errors.X.length);
  const from = (j: number): number => Math.floor((j * count) / COMBINATIONS);
  const paths = models.map(() => new Float64Array(count * size));
  const parts = models.map(({ components }, t) =>
    partsOf(components, random).map(({ before, combinations }): Part => {
      const posterior = jointLifts(before, all);
      for (const j of combinations) {
        const normals = Float64Array.from({ length: (from(j + 1) - from(j)) * size }, () => random.normal());
        paths[t]!.set(orderedSamples(posterior, normals), from(j) * size);
      }
      return { covariance: posterior.covariance, combinations };
    }),
  );
  const lifts = models.map(() => new Float64Array(count * m));
  const normals = new Float64Array(n);
  const residual = new Float64Array(n);
  const pulled = new Float64Array(arms);
  for (let j = 0; j < COMBINATIONS; j++) {
    const covariances = parts.map(
      (of) => of.find(({ combinations }) => combinations.includes(j))!.covariance,
    );
    const factor = measuredFactor(errors, covariances, size);
    for (let s = from(j); s < from(j + 1); s++) {
      for (let i = 0; i < n; i++) normals[i] = random.normal();
      for (let i = 0; i < n; i++) {
        const path = paths[errors.metric[i]!]![s * size + errors.arm[i]!]!;
        residual[i] = y[i]! - path - dot(root, i * n, normals, 0, i + 1);
      }
      solveLower(factor, n, residual);
      solveUpper(factor, n, residual);
      for (let t = 0; t < models.length; t++) {
        pulled.fill(0);
        for (let i = 0; i < n; i++) if (errors.metric[i] === t) pulled[errors.arm[i]!]! += residual[i]!;
        for (let k = 0; k < m; k++) {
          const moved = dot(covariances[t]!, (arms + k) * size, pulled, 0, arms);
          lifts[t]![s * m + k] = Math.expm1(paths[t]![s * size + arms + k]! + moved);
        }
      }
    }
  }
  return lifts;
}

/** Which combinations each component is of: as many as its weight asks for, in random order. */
function partsOf(
  components: PriorMixture,
  random: Random,
): readonly { readonly before: PriorMixture[number]['before']; readonly combinations: readonly number[] }[] {
  const order = shuffled(COMBINATIONS, random);
  const start = random.uniform();
  const reached = components.map((_, g) =>
    components.slice(0, g + 1).reduce((sum, { weight }) => sum + weight, 0),
  );
  const componentOf = (j: number): number => {
    const found = reached.findIndex((upTo) => (j + start) / COMBINATIONS < upTo);
    // Weights add up to 1 but for rounding.
    return found < 0 ? components.length - 1 : found;
  };
  const drawn = Array.from(order, (_, j) => componentOf(j));
  return components
    .map(({ before }, g) => ({ before, combinations: Array.from(order).filter((_, at) => drawn[at] === g) }))
    .filter(({ combinations }) => combinations.length > 0);
}

/** The Cholesky factor of C_AA + N, metrics apart in C. */
function measuredFactor(
  { metric, arm, covariance }: ArmErrors,
  covariances: readonly Float64Array[],
  size: number,
): Float64Array {
  const n = metric.length;
  const K = covariance.slice();
  for (let i = 0; i < n; i++) {
    const C = covariances[metric[i]!]!;
    for (let k = 0; k < n; k++) {
      if (metric[k] === metric[i]) K[i * n + k]! += C[arm[i]! * size + arm[k]!]!;
    }
  }
  return cholesky(K, n).factor;
}
