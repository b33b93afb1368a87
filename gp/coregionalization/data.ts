import { NOISELESS_VARIANCE } from '../noise.ts';
import { standardization, type Standardization } from '../standardize.ts';
import { checkTrainingData, type NoiseModel, type TrainingData } from '../training-data.ts';

/** n observations of several tasks, such as the offline log and each online round; no task has to see every input. */
export interface MultiTaskData {
  readonly dimension: number;
  readonly taskCount: number;
  /** n×d row-major in the unit cube. */
  readonly X: Float64Array;
  /** Which task each observation is of, 0 … taskCount − 1. */
  readonly task: Int32Array;
  /** In raw output units of its task. */
  readonly y: Float64Array;
  /** In those units²: 0 for an exact observation, NaN for one whose noise is inferred, one variance a task. */
  readonly noiseVariance: Float64Array;
}

/** Outputs and noise, each task on a scale of its own. */
export interface StandardizedTasks {
  readonly y: Float64Array;
  /** NaN where it is to be inferred. */
  readonly noise: Float64Array;
  readonly standardizations: readonly Standardization[];
}

/** Throws RangeError when shapes disagree, a number is not finite, a variance is negative, or a task has no observation. */
export function checkMultiTaskData(data: MultiTaskData): void {
  const { dimension, taskCount, X, task, y, noiseVariance } = data;
  checkTrainingData({ dimension, X, y, noise: { kind: 'known', variance: noiseVariance } });
  if (!(Number.isInteger(taskCount) && taskCount >= 1)) throw new RangeError(`${taskCount} tasks`);
  if (task.length !== y.length) throw new RangeError(`expected ${y.length} tasks, got ${task.length}`);
  for (const t of task) checkTask(t, taskCount);
  for (let t = 0; t < taskCount; t++) {
    if (!task.includes(t)) throw new RangeError(`task ${t} has no observation`);
  }
}

/** Throws RangeError unless `task` is one of 0 … taskCount − 1. */
export function checkTask(task: number, taskCount: number): void {
  if (!(Number.isInteger(task) && task >= 0 && task < taskCount)) {
    throw new RangeError(`task ${task} is not one of 0…${taskCount - 1}`);
  }
}

/** The observations of one data set a task, in the order of the tasks. Throws RangeError on differing dimensions or none. */
export function stackTasks(sets: readonly TrainingData[]): MultiTaskData {
  const dimension = sets[0]?.dimension ?? NaN;
  for (const set of sets) {
    checkTrainingData(set);
    if (set.dimension !== dimension) throw new RangeError(`dimensions ${dimension} and ${set.dimension}`);
  }
  const data: MultiTaskData = {
    dimension,
    taskCount: sets.length,
    X: Float64Array.from(sets.flatMap(({ X }) => Array.from(X))),
    task: Int32Array.from(sets.flatMap(({ y }, t) => Array.from(y, () => t))),
    y: Float64Array.from(sets.flatMap(({ y }) => Array.from(y))),
    noiseVariance: Float64Array.from(sets.flatMap(({ noise, y }) => variances(noise, y.length))),
  };
  checkMultiTaskData(data);
  return data;
}

/** (y − mean_t)/stddev_t and variance/stddev_t², with the mean and stddev of each task's own outputs. */
export function standardizeTasks({ taskCount, task, y, noiseVariance }: MultiTaskData): StandardizedTasks {
  const standardizations = Array.from({ length: taskCount }, (_, t) => {
    const isOfTask = (_: number, i: number): boolean => task[i] === t;
    return standardization(y.filter(isOfTask), { kind: 'known', variance: noiseVariance.filter(isOfTask) });
  });
  const scaleOf = (i: number): Standardization => standardizations[task[i]!]!;
  return {
    y: y.map((value, i) => (value - scaleOf(i).mean) / scaleOf(i).stddev),
    // Math.max keeps NaN.
    noise: noiseVariance.map((variance, i) =>
      Math.max(NOISELESS_VARIANCE, variance / scaleOf(i).stddev / scaleOf(i).stddev),
    ),
    standardizations,
  };
}

/** Whether each task has an observation whose noise variance is to be inferred. */
export function inferringTasks({ taskCount, task, noiseVariance }: MultiTaskData): readonly boolean[] {
  return Array.from({ length: taskCount }, (_, t) =>
    noiseVariance.some((variance, i) => task[i] === t && Number.isNaN(variance)),
  );
}

function variances(noise: NoiseModel, n: number): number[] {
  if (noise.kind === 'known') return Array.from(noise.variance);
  return Array.from({ length: n }, () => (noise.kind === 'none' ? 0 : NaN));
}
