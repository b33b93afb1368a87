import type { NoisyProblem } from '../../acquisition/noisy-problem.ts';
import { condition } from '../../gp/gaussian-process.ts';
import { partAlone } from '../../gp/linear-combination.ts';
import type { Hyperparameters } from '../../gp/hyperparameters.ts';
import type { NoiseModel } from '../../gp/training-data.ts';
import { randomStream } from '../../math/random.ts';

const HYPERPARAMETERS: Hyperparameters = {
  kernel: 'matern52',
  lengthscales: [0.4, 0.7],
  outputscale: 0.8,
  noiseVariance: 0.05,
  mean: 0.1,
  logPosterior: 0,
  jitter: 0,
};

export interface NoisyOptions {
  readonly n?: number;
  readonly seed?: number;
  readonly noise?: NoiseModel['kind'];
  /** The order of the observations. */
  readonly order?: readonly number[];
  /** How many of the first observations repeat the location of observation 0. */
  readonly replicates?: number;
  readonly pending?: readonly number[];
}

/**
 * Three metrics of two inputs: the first is maximised, the second at least 0.8 times its value at observation 0, the
 * third at most 1.2. Known noise differs by observation.
 */
export function noisyStudy(options: NoisyOptions = {}): NoisyProblem {
  const { n = 12, seed = 1, noise = 'known', replicates = 1, pending = [] } = options;
  const order = options.order ?? Array.from({ length: n }, (_, i) => i);
  const random = randomStream(seed, 'noisy-study');
  const rows = Array.from({ length: n }, () => [random.uniform(), random.uniform()] as const);
  for (let i = 1; i < replicates; i++) rows[i] = rows[0]!;
  const errors = rows.map(() => [0, 0, 0].map(() => random.normal()));
  const observed = Float64Array.from(order.flatMap((i) => [...rows[i]!]));
  const processes = [0, 1, 2].map((m) => {
    const sems = order.map((i) => 0.05 * (1 + ((i + m) % 3)));
    const y = order.map((i, at) => {
      const [a, b] = rows[i]!;
      const exact = [Math.sin(4 * a) - (b - 0.5) ** 2, 1 + a * b, 0.5 + a + 0.5 * Math.cos(3 * b)][m]!;
      return exact + (noise === 'none' ? 0 : sems[at]! * errors[i]![m]!);
    });
    const model: NoiseModel =
      noise === 'known'
        ? { kind: 'known', variance: Float64Array.from(sems, (sem) => sem ** 2) }
        : { kind: noise };
    return condition({ dimension: 2, X: observed, y: Float64Array.from(y), noise: model }, HYPERPARAMETERS);
  });
  return {
    processes,
    metrics: processes.map((_, part) => partAlone(part)),
    objective: { metric: 0, sign: 1 },
    guardrails: [
      { metric: 1, relation: '>=', factor: 0.8, offset: 0 },
      { metric: 2, relation: '<=', factor: 0, offset: 1.2 },
    ],
    observed,
    pending: Float64Array.from(pending),
    reference: order.indexOf(0),
  };
}
