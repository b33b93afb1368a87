import { conditionCoregionalized, type CoregionalizedProcess } from './coregionalization.ts';
import type { CorrelationPosterior } from './correlation-posterior.ts';
import type { MultiTaskData } from './data.ts';
import { jointTaskPosterior, predictTask, predictTaskMany } from './posterior.ts';
import type { JointPosterior, ManyMoments, Moments } from '../posterior.ts';

/** Processes at several correlations of the tasks, weighted by what the data say of each; the weights add up to 1. */
export interface CoregionalizedMixture {
  readonly components: readonly { readonly weight: number; readonly process: CoregionalizedProcess }[];
}

/** Nodes lighter than this are left out: together below 41·1e-3, they would move a mean by under 4 % of a stddev. */
const LEAST_WEIGHT = 1e-3;

/** The processes at the nodes of a posterior of ρ that matter. Throws as `conditionCoregionalized` does. */
export function conditionMixture(
  data: MultiTaskData,
  { nodes }: CorrelationPosterior,
): CoregionalizedMixture {
  const kept = nodes.filter(({ weight }) => weight >= LEAST_WEIGHT);
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  return {
    components: kept.map(({ weight, hyperparameters }) => ({
      weight: weight / total,
      process: conditionCoregionalized(data, hyperparameters),
    })),
  };
}

/**
 * Mean and variance of one task's latent function at one point, over ρ too.
 *
 * mean = Σ w_g m_g, variance = Σ w_g (v_g + (m_g − mean)²). Units and errors as `predictTask`.
 */
export function predictMixture(mixture: CoregionalizedMixture, task: number, x: Float64Array): Moments {
  const parts = mixture.components.map(({ process }) => predictTask(process, task, x));
  let mean = 0;
  mixture.components.forEach(({ weight }, g) => (mean += weight * parts[g]!.mean));
  let variance = 0;
  mixture.components.forEach(({ weight }, g) => {
    variance += weight * (parts[g]!.variance + (parts[g]!.mean - mean) ** 2);
  });
  return { mean, variance };
}

/** `predictMixture` at each row of `X`, m×d. */
export function predictMixtureMany(
  mixture: CoregionalizedMixture,
  task: number,
  X: Float64Array,
): ManyMoments {
  const parts = mixture.components.map(({ process }) => predictTaskMany(process, task, X));
  const mean = weightedSum(
    mixture,
    parts.map((part) => part.mean),
  );
  const spreads = parts.map((part) => part.variance.map((v, i) => v + (part.mean[i]! - mean[i]!) ** 2));
  return { mean, variance: weightedSum(mixture, spreads) };
}

/**
 * Mean and covariance of the tasks' latent functions at m points, over ρ too: covariance = Σ w_g (C_g + δ_g δ_gᵀ),
 * δ_g = m_g − mean. Shapes, units and errors as `jointTaskPosterior`; the distribution itself is a mixture, not normal.
 */
export function jointMixture(
  mixture: CoregionalizedMixture,
  tasks: ArrayLike<number>,
  X: Float64Array,
): JointPosterior {
  const parts = mixture.components.map(({ process }) => jointTaskPosterior(process, tasks, X));
  const mean = weightedSum(
    mixture,
    parts.map((part) => part.mean),
  );
  const m = mean.length;
  const spreads = parts.map((part) =>
    part.covariance.map((c, entry) => {
      const i = Math.floor(entry / m);
      const j = entry % m;
      return c + (part.mean[i]! - mean[i]!) * (part.mean[j]! - mean[j]!);
    }),
  );
  return { mean, covariance: weightedSum(mixture, spreads) };
}

function weightedSum({ components }: CoregionalizedMixture, parts: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(parts[0]!.length);
  parts.forEach((part, g) => {
    for (let i = 0; i < sum.length; i++) sum[i]! += components[g]!.weight * part[i]!;
  });
  return sum;
}
