import type { GaussianProcess } from '../gp/gaussian-process.ts';
import { combinedValues } from '../gp/linear-combination.ts';
import { NOISELESS_VARIANCE } from '../gp/noise.ts';
import { orderedSamples } from '../gp/posterior-samples.ts';
import { jointPosterior, predictMany } from '../gp/posterior.ts';
import { quasiNormal } from '../math/quasi-normal.ts';
import type { Random } from '../math/random.ts';
import type { NoisyTrials } from './noisy-problem.ts';

/**
 * Of the outputscale: a pending point this certain is one that was measured without noise, or as good as. To condition
 * on it would only divide rounding errors by its deviation.
 */
const KNOWN_VARIANCE = 10 * NOISELESS_VARIANCE;

/** One process at the points. */
export interface ProcessSamples {
  /** S×points, raw units. */
  readonly values: Float64Array;
  /** The points whose value is not known exactly, in order. */
  readonly uncertain: readonly number[];
}

/** Every process, and every metric, at the same points, in S samples of the joint posterior. */
export interface BaselineSamples {
  readonly count: number;
  /** m×d in the unit cube. */
  readonly points: Float64Array;
  readonly processes: readonly ProcessSamples[];
  /** S×points each, raw units: the samples of its processes combined. */
  readonly metrics: readonly Float64Array[];
}

/**
 * Samples of every process's latent values at some observed rows, then at the pending points.
 *
 * Base samples are quasi-random, point by point, so that the first rows get the best dimensions, and pending points the
 * next. A row measured without noise has its observed value in every sample, a pending point beside one the mean.
 */
export function sampleBaseline(
  problem: NoisyTrials,
  rows: readonly number[],
  count: number,
  random: Random,
): BaselineSamples {
  const { processes, observed, pending } = problem;
  const { dimension } = processes[0]!;
  const points = new Float64Array(rows.length * dimension + pending.length);
  for (const [i, row] of rows.entries()) {
    points.set(observed.subarray(row * dimension, (row + 1) * dimension), i * dimension);
  }
  points.set(pending, rows.length * dimension);
  const total = points.length / dimension;
  const width = total * processes.length;
  const normals = quasiNormal(count, width, random);
  const samples = processes.map((process, m): ProcessSamples => {
    const exact = [...rows.map((row) => exactOutput(process, row)), ...knownMeans(process, pending)];
    const uncertain = Array.from(exact.keys()).filter((i) => exact[i] === undefined);
    const own = new Float64Array(count * uncertain.length);
    for (let s = 0, at = 0; s < count; s++) {
      for (const i of uncertain) own[at++] = normals[s * width + i * processes.length + m]!;
    }
    const drawn = orderedSamples(jointPosterior(process, rowsOf(points, uncertain, dimension)), own);
    const values = new Float64Array(count * total);
    for (let s = 0, at = 0; s < count; s++) {
      for (let i = 0; i < total; i++) values[s * total + i] = exact[i] ?? drawn[at++]!;
    }
    return { values, uncertain };
  });
  const values = samples.map((each) => each.values);
  const metrics = problem.metrics.map((metric) => combinedValues(metric, values));
  return { count, points, processes: samples, metrics };
}

/** Some of the columns of a matrix with `width` of them. */
export function columnsOf(matrix: Float64Array, columns: readonly number[], width: number): Float64Array {
  const picked = new Float64Array(width === 0 ? 0 : (matrix.length / width) * columns.length);
  for (let row = 0, at = 0; row < matrix.length; row += width) {
    for (const column of columns) picked[at++] = matrix[row + column]!;
  }
  return picked;
}

/** Some of the rows of a matrix with `width` columns. */
export function rowsOf(matrix: Float64Array, rows: readonly number[], width: number): Float64Array {
  const picked = new Float64Array(rows.length * width);
  for (const [i, row] of rows.entries()) {
    picked.set(matrix.subarray(row * width, (row + 1) * width), i * width);
  }
  return picked;
}

/** The output of an observation without noise, raw; undefined for a noisy one. */
function exactOutput({ noise, outputs, standardization }: GaussianProcess, row: number): number | undefined {
  if (noise[row]! > NOISELESS_VARIANCE) return undefined;
  return standardization.mean + standardization.stddev * outputs[row]!;
}

/** The posterior mean at each point where next to nothing else is possible; undefined elsewhere. */
function knownMeans(process: GaussianProcess, X: Float64Array): readonly (number | undefined)[] {
  const { mean, variance } = predictMany(process, X);
  const { hyperparameters, standardization } = process;
  const most = KNOWN_VARIANCE * hyperparameters.outputscale * standardization.stddev ** 2;
  return Array.from(mean, (value, i) => (variance[i]! > most ? undefined : value));
}
