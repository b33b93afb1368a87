import type { MultiTaskData } from '../../../gp/coregionalization/data.ts';
import type { CoregionalizedHyperparameters } from '../../../gp/coregionalization/hyperparameters.ts';
import { standardizeTasks } from '../../../gp/coregionalization/data.ts';
import { flat } from '../golden-case.ts';

/** One case of icm-posterior.json: BoTorch's two-task Matérn-5/2 at given hyperparameters, outputs not standardised. */
export interface CoregionalizedCase {
  readonly X: number[][];
  readonly task: number[];
  readonly y: number[];
  readonly noise_variance: number[];
  readonly lengthscales: number[];
  readonly B: number[][];
  readonly task_mean: number[];
  readonly X_test: number[][];
  readonly task_test: number[];
  readonly posterior_mean: number[];
  readonly posterior_cov: number[][];
  readonly log_marginal_likelihood: number;
}

export function goldenData(golden: CoregionalizedCase): MultiTaskData {
  return {
    dimension: golden.lengthscales.length,
    taskCount: golden.B.length,
    X: flat(golden.X),
    task: Int32Array.from(golden.task),
    y: Float64Array.from(golden.y),
    noiseVariance: Float64Array.from(golden.noise_variance),
  };
}

/** The golden's hyperparameters, in raw units, restated for outputs that are standardised. */
export function goldenHyperparameters(golden: CoregionalizedCase): CoregionalizedHyperparameters {
  const { standardizations } = standardizeTasks(goldenData(golden));
  const stddevs = golden.B.map((row, t) => Math.sqrt(row[t]!));
  return {
    kernel: 'matern52',
    lengthscales: golden.lengthscales,
    scales: stddevs.map((stddev, t) => stddev / standardizations[t]!.stddev),
    correlation: golden.B.flatMap((row, t) => row.map((b, u) => b / stddevs[t]! / stddevs[u]!)),
    noiseVariances: [NaN, NaN],
    means: golden.task_mean.map((m, t) => (m - standardizations[t]!.mean) / standardizations[t]!.stddev),
    logPosterior: NaN,
    jitter: 0,
  };
}
