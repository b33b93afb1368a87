import { cholesky } from '../../../math/cholesky.ts';
import { dot, solveLower, solveUpper } from '../../../math/triangular.ts';
import { crossGram, type Kernel, scaleInputs, UNIT_AMPLITUDE } from '../../../gp/kernel.ts';
import type { RelativeObservations } from './relative-observations.ts';

/** How the log's function and the online one vary, in the units of their observations. */
export interface TransferParameters {
  readonly kernel: Kernel;
  readonly lengthscales: readonly number[];
  /** Standard deviations of the log's function and of the online one; the first is not used without a log. */
  readonly scales: readonly [number, number];
  /** ρ of the two. */
  readonly correlation: number;
}

/** The online function, less its value at the baseline, given a log and any number of rounds. */
export interface LiftProcess {
  readonly parameters: TransferParameters;
  readonly dimension: number;
  readonly scaledInputs: Float64Array;
  readonly scaledBaseline: Float64Array;
  /** Prior covariance of each observation's function with the online one, without the kernel. */
  readonly between: Float64Array;
  /** Of K + noise, n×n. */
  readonly factor: Float64Array;
  /** L⁻¹H, one row a group of observations that share a constant; and M of HᵀK⁻¹H = MMᵀ. */
  readonly whitenedConstants: Float64Array;
  readonly constantsFactor: Float64Array;
  /** β, the constant of each group of observations: of the log, if there is one, then of each round. */
  readonly constants: Float64Array;
  readonly outputs: Float64Array;
  /** K⁻¹(y − Hβ). */
  readonly alpha: Float64Array;
}

/** An exact observation's noise, as a share of its function's variance. */
const EXACT_NOISE = 1e-6;

/**
 * Conditions on a log, if there is one, and rounds: y_i = β_{g(i)} + f_{t(i)}(x_i) + ε_i.
 *
 * Cov[f_t(x), f_u(x′)] = s_t s_u R_tu k(x, x′), t the log or online: all rounds see one function. The constants β, one of the
 * log and one of each round, have a flat prior and are integrated out, so that what multiplies a round (a season, another
 * traffic) costs nothing but what it hides; the baseline arm of each round is an observation like the others, and ties the rounds together.
 * Throws RangeError without a round or on shapes that disagree, NotPositiveDefiniteError.
 * Source: Bonilla, Chai & Williams 2007; Rasmussen & Williams 2006, §2.7.
 */
export function conditionLifts(
  parameters: TransferParameters,
  log: RelativeObservations | undefined,
  rounds: readonly RelativeObservations[],
): LiftProcess {
  const { kernel, lengthscales, scales, correlation } = parameters;
  const d = lengthscales.length;
  if (rounds.length === 0) throw new RangeError('lifts need at least one round, got 0');
  const groups = log === undefined ? rounds : [log, ...rounds];
  const group = groups.flatMap(({ y }, g) => Array.from(y, () => g));
  const isLogged = group.map((g) => log !== undefined && g === 0);
  const X = Float64Array.from(groups.flatMap((each) => Array.from(each.X)));
  const y = Float64Array.from(groups.flatMap((each) => Array.from(each.y)));
  const variance = groups.flatMap((each) => Array.from(each.variance));
  const n = y.length;
  if (X.length !== n * d || variance.length !== n) {
    throw new RangeError(`${X.length} inputs and ${variance.length} variances for ${n}×${d}`);
  }
  const scale = isLogged.map((logged) => scales[logged ? 0 : 1]);
  const scaledInputs = scaleInputs(X, lengthscales);
  const K = crossGram(kernel, scaledInputs, scaledInputs, d, UNIT_AMPLITUDE);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      K[i * n + j]! *= scale[i]! * scale[j]! * (isLogged[i] === isLogged[j] ? 1 : correlation);
    }
    K[i * n + i]! += Math.max(variance[i]!, EXACT_NOISE * scale[i]! ** 2);
  }
  const { factor } = cholesky(K, n);

  const G = groups.length;
  const H = new Float64Array(G * n);
  group.forEach((g, i) => (H[g * n + i] = 1));
  for (let g = 0; g < G; g++) solveLower(factor, n, H, g * n);
  const precision = Float64Array.from({ length: G * G }, (_, at) =>
    dot(H, Math.floor(at / G) * n, H, (at % G) * n, n),
  );
  const { factor: M } = cholesky(precision, G);
  const alpha = y.slice();
  solveLower(factor, n, alpha);
  const constants = Float64Array.from({ length: G }, (_, g) => dot(H, g * n, alpha, 0, n));
  solveLower(M, G, constants);
  solveUpper(M, G, constants);
  for (let g = 0; g < G; g++) {
    for (let i = 0; i < n; i++) alpha[i]! -= constants[g]! * H[g * n + i]!;
  }
  solveUpper(factor, n, alpha);
  return {
    parameters,
    dimension: d,
    scaledInputs,
    scaledBaseline: scaleInputs(rounds[0]!.X.slice(0, d), lengthscales),
    between: Float64Array.from(isLogged, (logged) =>
      logged ? scales[0] * scales[1] * correlation : scales[1] ** 2,
    ),
    factor,
    whitenedConstants: H,
    constantsFactor: M,
    constants,
    outputs: y,
    alpha,
  };
}

/** A round of the baseline alone: its constant is unknown, so that it says where lifts are 0 and no more. `x` in the unit cube. */
export function baselineAlone(x: Float64Array): RelativeObservations {
  return { X: x, y: Float64Array.of(0), variance: Float64Array.of(0) };
}
