import { logNormalPdf } from '../../math/normal.ts';
import { mean, sampleStddev } from '../../math/statistics.ts';
import { conditionCoregionalized } from './coregionalization.ts';
import type { MultiTaskData } from './data.ts';
import { fitCoregionalized } from './fit.ts';
import { coregionalizedLeaveOneOut } from './leave-one-out.ts';
import type { CoregionalizedMixture } from './mixture.ts';

/** Whether the other tasks help to foretell one task's observations; densities are logarithms in 1/raw output units. */
export interface TransferEvidence {
  /** Mean leave-one-out log predictive density of the task's observations, with the other tasks and without. */
  readonly together: number;
  readonly alone: number;
  /** Of together − alone, from the spread over the observations; undefined for a single one. */
  readonly standardError: number | undefined;
  readonly helps: boolean;
}

/**
 * Leave-one-out evidence for the other tasks' use to one task.
 *
 * together = mean_i log Σ_g w_g N(y_i | m_{g,−i}, v_{g,−i}) over the task's observations, alone = the same of a fit of that
 * task only, with the same priors; the others help where together > alone. Hyperparameters and w_g are of all data.
 * `mixture` conditioned on `data`. Throws RangeError on a task that has no observation.
 * Source: Vehtari & Lampinen 2002 (leave-one-out log density), Neural Computation 14:2439.
 */
export function transferEvidence(
  data: MultiTaskData,
  mixture: CoregionalizedMixture,
  task: number,
): TransferEvidence {
  const { data: own, rows } = observationsOf(data, task);
  const { kernel } = mixture.components[0]!.process.hyperparameters;
  const single = conditionCoregionalized(own, fitCoregionalized(own, { kernel }));
  const apart = logDensities(own.y, [{ weight: 1, ...coregionalizedLeaveOneOut(single) }]);
  const joined = logDensities(
    own.y,
    mixture.components.map(({ weight, process }) => {
      const loo = coregionalizedLeaveOneOut(process);
      return { weight, mean: pickRows(loo.mean, rows), variance: pickRows(loo.variance, rows) };
    }),
  );
  const together = mean(joined);
  const alone = mean(apart);
  const n = rows.length;
  return {
    together,
    alone,
    standardError:
      n > 1 ? sampleStddev(joined.map((value, i) => value - apart[i]!)) / Math.sqrt(n) : undefined,
    helps: together > alone,
  };
}

/** One task's observations as data of a single task, and their rows. Throws RangeError when there are none. */
export function observationsOf(
  data: MultiTaskData,
  task: number,
): { readonly data: MultiTaskData; readonly rows: readonly number[] } {
  const { dimension: d, X } = data;
  const rows = Array.from(data.task.keys()).filter((i) => data.task[i] === task);
  if (rows.length === 0) throw new RangeError(`task ${task} has no observation`);
  return {
    rows,
    data: {
      dimension: d,
      taskCount: 1,
      X: Float64Array.from(rows.flatMap((i) => Array.from(X.subarray(i * d, i * d + d)))),
      task: new Int32Array(rows.length),
      y: pickRows(data.y, rows),
      noiseVariance: pickRows(data.noiseVariance, rows),
    },
  };
}

function pickRows(values: Float64Array, rows: readonly number[]): Float64Array {
  return Float64Array.from(rows, (i) => values[i]!);
}

interface WeightedPrediction {
  readonly weight: number;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** log Σ_g w_g N(y_i | m_g, v_g), from the largest term, so that it does not underflow. */
function logDensities(y: Float64Array, parts: readonly WeightedPrediction[]): Float64Array {
  return y.map((value, i) => {
    const terms = parts.map((part) => {
      const stddev = Math.sqrt(part.variance[i]!);
      return Math.log(part.weight) + logNormalPdf((value - part.mean[i]!) / stddev) - Math.log(stddev);
    });
    const largest = Math.max(...terms);
    return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
  });
}
