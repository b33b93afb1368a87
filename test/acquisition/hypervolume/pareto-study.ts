import type { ParetoProblem } from '../../../acquisition/hypervolume/pareto-problem.ts';
import { condition } from '../../../gp/gaussian-process.ts';
import { partAlone } from '../../../gp/linear-combination.ts';
import type { Hyperparameters } from '../../../gp/hyperparameters.ts';
import type { NoiseModel } from '../../../gp/training-data.ts';
import { randomStream } from '../../../math/random.ts';

const HYPERPARAMETERS: Hyperparameters = {
  kernel: 'matern52',
  lengthscales: [0.4, 0.7],
  outputscale: 0.8,
  noiseVariance: 0.05,
  mean: 0.1,
  logPosterior: 0,
  jitter: 0,
};

export interface ParetoOptions {
  readonly objectives?: number;
  readonly n?: number;
  readonly noise?: NoiseModel['kind'];
  readonly pending?: readonly number[];
  readonly referencePoint?: readonly number[];
  /** Of the guardrail; 0.8 times the reference trial's value unless given. */
  readonly offset?: number;
}

/**
 * Metrics of two inputs that trade off against each other, every second one to be minimised, and one more that a guardrail
 * keeps at or above 0.8 times its value at observation 0.
 */
export function paretoStudy(options: ParetoOptions = {}): ParetoProblem {
  const { objectives = 2, n = 10, noise = 'known', pending = [], offset } = options;
  const random = randomStream(1, 'pareto-study');
  const rows = Array.from({ length: n }, () => [random.uniform(), random.uniform()] as const);
  const observed = Float64Array.from(rows.flat());
  const signs = Array.from({ length: objectives }, (_, j) => (j % 2 === 0 ? 1 : -1));
  const exact = (metric: number, [a, b]: readonly [number, number]): number =>
    metric === objectives
      ? 1 + a * b
      : signs[metric]! * Math.sin(2 * a + 1.7 * metric + b * (1 - metric / 2));
  const processes = Array.from({ length: objectives + 1 }, (_, m) => {
    const sems = rows.map((_, i) => 0.04 * (1 + ((i + m) % 3)));
    const y = rows.map((row, i) => exact(m, row) + (noise === 'none' ? 0 : sems[i]! * random.normal()));
    const model: NoiseModel =
      noise === 'known'
        ? { kind: 'known', variance: Float64Array.from(sems, (sem) => sem ** 2) }
        : { kind: noise };
    return condition({ dimension: 2, X: observed, y: Float64Array.from(y), noise: model }, HYPERPARAMETERS);
  });
  return {
    processes,
    metrics: processes.map((_, part) => partAlone(part)),
    objectives: signs.map((sign, metric) => ({ metric, sign: sign === 1 ? 1 : -1 })),
    guardrails: [
      {
        metric: objectives,
        relation: '>=',
        ...(offset === undefined ? { factor: 0.8, offset: 0 } : { factor: 0, offset }),
      },
    ],
    observed,
    pending: Float64Array.from(pending),
    reference: 0,
    referencePoint: options.referencePoint ?? signs.map(() => -1.2),
  };
}
