import type { NoiseModel, TrainingData } from '../../gp/training-data.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Observation, Trial, Weights } from '../domain/trial.ts';
import { type StudyEncoding, toUnitCube } from './encode.ts';

export interface ObservedTrial extends Trial {
  readonly weights: Weights;
}

/** The trials that a model can learn from: completed, with weights. */
export function observedTrials(trials: readonly Trial[]): readonly ObservedTrial[] {
  return trials.filter(
    (trial): trial is ObservedTrial => trial.state === 'completed' && trial.weights !== null,
  );
}

/** The trials whose weights are being evaluated. */
export function pendingTrials(trials: readonly Trial[]): readonly ObservedTrial[] {
  return trials.filter(
    (trial): trial is ObservedTrial => trial.state === 'running' && trial.weights !== null,
  );
}

/** One metric of the observed trials as the Gaussian process takes it: inputs in the unit cube, raw outputs. */
export function trainingData(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  trials: readonly Trial[],
  metric: string,
): TrainingData {
  const observed = observedTrials(trials);
  const dimension = encoding.inputs.indices.length;
  const X = new Float64Array(observed.length * dimension);
  for (const [i, { weights }] of observed.entries()) X.set(toUnitCube(encoding, weights), i * dimension);
  const observations = observed.map((trial) => trial.observations[metric]!);
  const y = Float64Array.from(observations, ({ mean }) => mean);
  return { dimension, X, y, noise: noiseModel(definition, metric, observations) };
}

/**
 * A fixed log gives the same number every time, so its metrics have no noise between trials. An external evaluator's
 * have what their sem says, and an inferred one where no sem came, unless the study says otherwise.
 */
function noiseModel(
  { metrics, log }: StudyDefinition,
  metric: string,
  observations: readonly Observation[],
): NoiseModel {
  const kind = metrics[metric]?.noise ?? (log === undefined ? 'known' : 'none');
  if (kind !== 'known' || observations.every(({ sem }) => sem === null)) {
    return { kind: kind === 'known' ? 'inferred' : kind };
  }
  return { kind, variance: Float64Array.from(observations, ({ sem }) => (sem === null ? NaN : sem * sem)) };
}

/** Whether every metric that steers the study is measured exactly. */
export function isNoiseFree({ metrics, log }: StudyDefinition, modelled: readonly string[]): boolean {
  return modelled.every(
    (metric) => (metrics[metric]?.noise ?? (log === undefined ? 'known' : 'none')) === 'none',
  );
}
