import { minimize } from '../../math/lbfgs.ts';
import { correlationParameters } from './correlation-matrix.ts';
import type { MultiTaskData } from './data.ts';
import type { CoregionalizedHyperparameters } from './hyperparameters.ts';
import { DEFAULT_LKJ_SHAPE } from './prior.ts';
import { coregionalizedProblem, type ParameterLayout } from './problem.ts';
import { DECREASE_TOLERANCE } from '../fit.ts';
import type { KernelName } from '../kernel.ts';
import { lengthscalePrior, noisePrior, priorMode } from '../priors.ts';

export interface CoregionalizedFitOptions {
  readonly kernel?: KernelName;
  /** η of the LKJ prior on the correlations. */
  readonly lkjShape?: number;
  /** How many of the fixed starts are tried. */
  readonly starts?: number;
  /** An earlier fit, tried before the fixed starts. */
  readonly warmStart?: CoregionalizedHyperparameters;
}

/** Multiples of the prior modes as in the single-task fit, with partial correlations of either sign and none. */
const FIXED_STARTS: readonly {
  readonly lengthscale: number;
  readonly noise: number;
  readonly correlation: number;
}[] = [
  { lengthscale: 1, noise: 1, correlation: 0.5 },
  { lengthscale: 5, noise: 10, correlation: 0.5 },
  { lengthscale: 1, noise: 1, correlation: -0.5 },
  { lengthscale: 10, noise: 40, correlation: 0 },
];
const DEFAULT_STARTS = FIXED_STARTS.length;

/**
 * Hyperparameters of several tasks at the best local maximum of the posterior found.
 *
 * max over log ℓ, log s, θ of R, log noise of log ∫ N(y | H·means, B∘k(X, X) + noise) d means + log priors, B = diag(s)·R·diag(s),
 * R ~ LKJ(η), s_t and the other priors log-normal. The same data give the same answer.
 * Throws RangeError on malformed data or starts, NotPositiveDefiniteError when no jitter helps.
 * Source: Bonilla, Chai & Williams 2007; Lewandowski, Kurowicka & Joe 2009.
 */
export function fitCoregionalized(
  data: MultiTaskData,
  options: CoregionalizedFitOptions = {},
): CoregionalizedHyperparameters {
  const { kernel = 'matern52', lkjShape = DEFAULT_LKJ_SHAPE, starts = DEFAULT_STARTS, warmStart } = options;
  if (!(Number.isInteger(starts) && starts >= 0 && starts <= FIXED_STARTS.length)) {
    throw new RangeError(`starts ${starts} is not one of 0…${FIXED_STARTS.length}`);
  }
  if (starts === 0 && !warmStart) throw new RangeError(`starts ${starts} without a warm start`);
  const { objective, bounds, layout, describe } = coregionalizedProblem(data, kernel, lkjShape);
  const points = fixedStarts(layout).slice(0, starts);
  if (warmStart) points.unshift(encodeCoregionalized(warmStart, layout));
  const best = points
    .map((point) => minimize(objective, point, bounds, { decreaseTolerance: DECREASE_TOLERANCE }))
    .reduce((best, found) => (found.value < best.value ? found : best));
  return describe(best.x);
}

/** The parameters of a fit in the layout of a search. Throws RangeError when dimension or tasks differ. */
export function encodeCoregionalized(
  h: CoregionalizedHyperparameters,
  layout: ParameterLayout,
): Float64Array {
  const { dimension, taskCount, noiseTasks } = layout;
  if (h.lengthscales.length !== dimension || h.scales.length !== taskCount) {
    throw new RangeError(
      `a fit of ${h.scales.length} tasks in dimension ${h.lengthscales.length} for ${taskCount} in ${dimension}`,
    );
  }
  const theta = new Float64Array(layout.size);
  theta.set(h.lengthscales.map(Math.log));
  theta.set(h.scales.map(Math.log), layout.scales);
  theta.set(correlationParameters(h.correlation, taskCount), layout.correlation);
  noiseTasks.forEach((t, k) => (theta[layout.noise + k] = Math.log(h.noiseVariances[t]!)));
  return theta;
}

function fixedStarts(layout: ParameterLayout): Float64Array[] {
  const mode = priorMode(lengthscalePrior(layout.dimension));
  return FIXED_STARTS.map(({ lengthscale, noise, correlation }) =>
    new Float64Array(layout.size)
      .fill(Math.log(lengthscale * mode), 0, layout.scales)
      .fill(Math.atanh(correlation), layout.correlation, layout.noise)
      .fill(Math.log(noise * priorMode(noisePrior)), layout.noise),
  );
}
