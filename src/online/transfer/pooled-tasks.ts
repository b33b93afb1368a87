import { type MultiTaskData, stackTasks } from '../../../gp/coregionalization/data.ts';
import type { RelativeObservations } from './relative-observations.ts';

/**
 * The log, where there is one, and all rounds as one online task: what hyperparameters are fitted to.
 *
 * `constants` is what is taken off each round, so that rounds agree: the constants that a first model finds. By their baseline arms
 * alone they would agree no better than two arms can tell, which is as much as arms differ.
 */
export function pooledTasks(
  log: RelativeObservations | undefined,
  rounds: readonly RelativeObservations[],
  constants: ArrayLike<number>,
): MultiTaskData {
  const dimension = rounds[0]!.X.length / rounds[0]!.y.length;
  const online: RelativeObservations = {
    X: joined(rounds.map(({ X }) => X)),
    y: joined(rounds.map(({ y }, r) => y.map((value) => value - constants[r]!))),
    variance: joined(rounds.map(({ variance }) => variance)),
  };
  const tasks = log === undefined ? [online] : [log, online];
  return stackTasks(
    tasks.map(({ X, y, variance }) => ({ dimension, X, y, noise: { kind: 'known', variance } })),
  );
}

function joined(parts: readonly Float64Array[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => Array.from(part)));
}
