import { fittedValues } from '../gp/fitted-values.ts';
import type { GaussianProcess } from '../gp/gaussian-process.ts';
import { checkCombination, combinedValues, type LinearCombination } from '../gp/linear-combination.ts';
import { signOf, type Guardrail } from './feasibility.ts';

/** A guardrail whose bound is `factor` times the metric at the reference point plus `offset`. */
export interface RelativeGuardrail {
  /** Index into the metrics. */
  readonly metric: number;
  readonly relation: Guardrail['relation'];
  /** 0 where the bound is a number, `offset`. */
  readonly factor: number;
  readonly offset: number;
}

/** A metric to be maximised, or with the sign −1 minimised. */
export interface SignedMetric {
  /** Index into the metrics. */
  readonly metric: number;
  readonly sign: 1 | -1;
}

/**
 * What noisy trials have shown, and which bounds the metrics must keep.
 *
 * Processes are independent. Metrics that share one are taken as independent given its samples at the observed points,
 * as an objective and a guardrail of one metric are.
 */
export interface NoisyTrials {
  /** One a measured metric. */
  readonly processes: readonly GaussianProcess[];
  /** What objectives and guardrails are of, combined from the processes: most are one alone. */
  readonly metrics: readonly LinearCombination[];
  readonly guardrails: readonly RelativeGuardrail[];
  /** n×d in the unit cube: row i is observation i of every process, of which each may have more beyond them. */
  readonly observed: Float64Array;
  /** Points being evaluated or already chosen, in the unit cube, row after row. */
  readonly pending: Float64Array;
  /** The row of `observed` that relative bounds refer to; needed where some factor is not 0. */
  readonly reference?: number;
}

/** Noisy trials, and the metric that is to be best. */
export interface NoisyProblem extends NoisyTrials {
  readonly objective: SignedMetric;
}

/** Throws RangeError where shapes disagree, or a metric or the reference does not exist. */
export function checkNoisyProblem(problem: NoisyProblem): void {
  checkNoisyTrials(problem, [problem.objective]);
}

/** The same of trials that have these objectives. */
export function checkNoisyTrials(trials: NoisyTrials, objectives: readonly SignedMetric[]): void {
  const { processes, metrics, guardrails, observed, pending, reference } = trials;
  const { dimension } = processes[0] ?? { dimension: 1 };
  const size = observed.length / dimension;
  if (!Number.isInteger(size) || size === 0 || pending.length % dimension !== 0) {
    throw new RangeError(`${observed.length} and ${pending.length} numbers are not points of ${dimension}`);
  }
  if (processes.length === 0) throw new RangeError('a noisy problem needs at least one process, got 0');
  for (const [m, process] of processes.entries()) {
    if (!(process.size >= size) || process.dimension !== dimension) {
      throw new RangeError(
        `process ${m} has ${process.size} observations of ${process.dimension}, expected ${size}`,
      );
    }
  }
  for (const metric of metrics) checkCombination(metric, processes.length);
  for (const { metric } of [...objectives, ...guardrails]) {
    if (metrics[metric] === undefined) throw new RangeError(`metric ${metric} is none of ${metrics.length}`);
  }
  const needed = guardrails.some(({ factor }) => factor !== 0);
  if ((needed || reference !== undefined) && !(reference! >= 0 && reference! < size)) {
    throw new RangeError(`the reference ${reference} is none of ${size} observations`);
  }
}

/** The posterior mean of every metric at the observed rows, length n each. */
export function fittedMetrics({
  processes,
  metrics,
  observed,
}: Pick<NoisyTrials, 'processes' | 'metrics' | 'observed'>): readonly Float64Array[] {
  const fitted = processes.map((process) =>
    fittedValues(process).subarray(0, observed.length / process.dimension),
  );
  return metrics.map((metric) => combinedValues(metric, fitted));
}

/** The best of some points that is feasible, by their values, sign applied; index −1 where none is. */
export interface FeasibleBest {
  readonly index: number;
  readonly value: number;
}

/**
 * The best feasible of several points, given a value of each metric at each of them.
 *
 * `values` gives metric m at point i; `bounds` one for each guardrail.
 */
export function bestFeasible(
  { objective, guardrails }: Pick<NoisyProblem, 'objective' | 'guardrails'>,
  points: number,
  values: (metric: number, point: number) => number,
  bounds: ArrayLike<number>,
): FeasibleBest {
  let index = -1;
  let best = -Infinity;
  for (let i = 0; i < points; i++) {
    const value = objective.sign * values(objective.metric, i);
    if (!(value > best)) continue;
    if (!isFeasible(guardrails, (metric) => values(metric, i), bounds)) continue;
    index = i;
    best = value;
  }
  return { index, value: best };
}

/** Whether a point meets every guardrail, given its value of each metric and a bound for each guardrail. */
export function isFeasible(
  guardrails: readonly RelativeGuardrail[],
  value: (metric: number) => number,
  bounds: ArrayLike<number>,
): boolean {
  return guardrails.every(({ metric, relation }, k) => signOf(relation) * (value(metric) - bounds[k]!) >= 0);
}
