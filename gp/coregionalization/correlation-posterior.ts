import { minimize, type Objective } from '../../math/lbfgs.ts';
import type { MultiTaskData } from './data.ts';
import { encodeCoregionalized } from './fit.ts';
import type { CoregionalizedHyperparameters } from './hyperparameters.ts';
import { DEFAULT_LKJ_SHAPE } from './prior.ts';
import { coregionalizedProblem } from './problem.ts';

/** One ρ of the grid: its share of the posterior, and the other hyperparameters at their most likely there. */
export interface CorrelationNode {
  readonly correlation: number;
  readonly weight: number;
  readonly hyperparameters: CoregionalizedHyperparameters;
}

/** What the data say of ρ, the correlation of two tasks. */
export interface CorrelationPosterior {
  /** By increasing ρ; the weights add up to 1. */
  readonly nodes: readonly CorrelationNode[];
  readonly mean: number;
  /** The 2.5 % and 97.5 % quantiles. */
  readonly interval: readonly [number, number];
}

export interface CorrelationGridOptions {
  readonly lkjShape?: number;
  readonly points?: number;
}

/** Cells of ρ are 0.08 wide around 0 and 0.003 at ±1, below a tenth of the posterior's width with up to about 50 arms. */
const DEFAULT_POINTS = 41;
/** The profile is needed to a hundredth of a nat, which moves a weight by 1 %. */
const DECREASE_TOLERANCE = 1e-5;
const CENTRAL_PROBABILITY = 0.95;

/**
 * The posterior of the correlation of two tasks, on a grid.
 *
 * p(ρ | y) ∝ p(ρ)·max over θ of p(y | ρ, θ)·p(θ), θ = (log ℓ, log s, log noise), a profile; nodes at ρ_i = sin(πu_i/2), u_i
 * the middles of equal cells of (−1, 1); weight_i ∝ p(ρ_i | y) times the width of the cell in ρ. p(θ) is the density over
 * the logarithms, so that the maximum stands for an integral over coordinates in which the posterior is nearly normal.
 * In 400 worlds with ρ drawn from its prior the interval covered 95.0 %; with densities over the values 93.8 %; with a
 * Laplace term in θ 94.8 % at twice the time. Each node is searched from its neighbour's optimum, outwards from `fit`, which
 * is the fit of the same data.
 * Throws RangeError unless there are two tasks and an odd number of at least three points.
 */
export function correlationPosterior(
  data: MultiTaskData,
  fit: CoregionalizedHyperparameters,
  { lkjShape = DEFAULT_LKJ_SHAPE, points = DEFAULT_POINTS }: CorrelationGridOptions = {},
): CorrelationPosterior {
  if (data.taskCount !== 2) throw new RangeError(`a grid over the correlation of ${data.taskCount} tasks`);
  if (!(Number.isInteger(points) && points >= 3 && points % 2 === 1)) {
    throw new RangeError(`${points} points are not an odd number of at least 3`);
  }
  const { objective, bounds, layout, describe } = coregionalizedProblem(data, fit.kernel, lkjShape);
  const at = layout.correlation;
  const edge = (i: number): number => Math.sin((Math.PI / 2) * ((2 * i) / points - 1));
  const node = (i: number): number => edge(i + 0.5);
  const overLogarithms: Objective = (theta, gradient) => {
    let value = objective(theta, gradient);
    for (let k = 0; k < layout.size; k++) {
      if (k === at) continue;
      value -= theta[k]!;
      gradient[k]! -= 1;
    }
    return value;
  };
  const fitted: CoregionalizedHyperparameters[] = [];
  const profile: number[] = [];
  const start = encodeCoregionalized(fit, layout);
  const nearest = Array.from({ length: points }, (_, i) => i).reduce((best, i) =>
    Math.abs(node(i) - fit.correlation[1]!) < Math.abs(node(best) - fit.correlation[1]!) ? i : best,
  );
  const search = (i: number, from: Float64Array): Float64Array => {
    const fixed = Math.atanh(node(i));
    const held = { lower: bounds.lower.with(at, fixed), upper: bounds.upper.with(at, fixed) };
    const { x, value } = minimize(overLogarithms, from, held, { decreaseTolerance: DECREASE_TOLERANCE });
    fitted[i] = describe(x);
    profile[i] = -value;
    return x;
  };
  const middle = search(nearest, start);
  for (let i = nearest + 1, from = middle; i < points; i++) from = search(i, from);
  for (let i = nearest - 1, from = middle; i >= 0; i--) from = search(i, from);

  const highest = profile.reduce((best, value) => Math.max(best, value), -Infinity);
  const shares = profile.map((value, i) => Math.exp(value - highest) * (edge(i + 1) - edge(i)));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const nodes = fitted.map((hyperparameters, i) => ({
    correlation: node(i),
    weight: shares[i]! / total,
    hyperparameters,
  }));
  const tail = (1 - CENTRAL_PROBABILITY) / 2;
  return {
    nodes,
    mean: nodes.reduce((sum, { correlation, weight }) => sum + weight * correlation, 0),
    interval: [gridQuantile(nodes, edge, tail), gridQuantile(nodes, edge, 1 - tail)],
  };
}

/** The ρ below which lies `probability`, with the density constant within each cell. */
function gridQuantile(
  nodes: readonly CorrelationNode[],
  edge: (i: number) => number,
  probability: number,
): number {
  let below = 0;
  for (let i = 0; i < nodes.length; i++) {
    const { weight } = nodes[i]!;
    if (below + weight >= probability) {
      return edge(i) + ((probability - below) / weight) * (edge(i + 1) - edge(i));
    }
    below += weight;
  }
  return edge(nodes.length);
}
