import type { NoiseModel, TrainingData } from '../../gp/training-data.ts';
import type { Winsorizing } from '../../gp/winsorizing.ts';
import { observationOf } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Observation, type Trial, type Weights } from '../domain/trial.ts';
import { isFruitless } from '../domain/trial-state.ts';
import { type StudyEncoding, toUnitCube } from './encode.ts';
import { modelledMetrics } from './metric-roles.ts';
import { varianceWithinBounds } from './slack-within-bounds.ts';

export interface ObservedTrial extends Trial {
  readonly weights: Weights;
}

/** The trials that are known in all that matters: completed, with weights and every modelled metric. */
export function observedTrials(trials: readonly Trial[]): readonly ObservedTrial[] {
  return trials.filter(
    (trial): trial is ObservedTrial =>
      trial.state === 'completed' && trial.weights !== null && trial.lacks === undefined,
  );
}

/** The trials that the model of a metric learns from: the observed ones, then those that have this metric and lack another. */
export function trialsWithMetric(trials: readonly Trial[], metric: string): readonly ObservedTrial[] {
  const partial = trials.filter(
    (trial): trial is ObservedTrial =>
      trial.state === 'completed' &&
      trial.weights !== null &&
      trial.lacks !== undefined &&
      Object.hasOwn(trial.observations, metric),
  );
  return [...observedTrials(trials), ...partial];
}

/** The trials whose weights are being evaluated. */
export function pendingTrials(trials: readonly Trial[]): readonly ObservedTrial[] {
  return trials.filter(
    (trial): trial is ObservedTrial => trial.state === 'running' && trial.weights !== null,
  );
}

/** The trials whose weights were tried without a result, or lack a metric: nobody wants to see them again. */
export function fruitlessTrials(trials: readonly Trial[]): readonly ObservedTrial[] {
  return trials.filter(
    (trial): trial is ObservedTrial =>
      trial.weights !== null && (isFruitless(trial.state) || trial.lacks !== undefined),
  );
}

/** The baseline's place among the observed trials; undefined where it is not one of them. */
export function baselineRow(trials: readonly Trial[]): number | undefined {
  const row = observedTrials(trials).findIndex(({ number }) => number === BASELINE_TRIAL);
  return row < 0 ? undefined : row;
}

/** One metric of the trials that have it (`trialsWithMetric`) as the Gaussian process takes it: inputs in the unit cube, outputs on its scale. */
export function trainingData(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  trials: readonly Trial[],
  metric: string,
  scale: Winsorizing,
): TrainingData {
  const observed = trialsWithMetric(trials, metric);
  const dimension = encoding.inputs.indices.length;
  const X = new Float64Array(observed.length * dimension);
  for (const [i, { weights }] of observed.entries()) X.set(toUnitCube(encoding, weights), i * dimension);
  const observations = observed.map((trial) => trial.observations[metric]!);
  const y = Float64Array.from(observations, ({ mean }) => scale.forward(mean));
  return { dimension, X, y, noise: noiseModel(noiseKind(definition, metric), observations, scale) };
}

/**
 * A variance for each observation: what its sem says, NaN where that is to be inferred, without noise that of its bounds, 0
 * where it has none; more where the value was winsorised.
 */
function noiseModel(
  kind: NoiseModel['kind'],
  observations: readonly Observation[],
  scale: Winsorizing,
): NoiseModel {
  const measured = observations.map((observation) => {
    const { sem } = observation;
    if (kind === 'none') return varianceWithinBounds(observation);
    return kind === 'inferred' || sem === null ? NaN : sem * sem;
  });
  const variance = Float64Array.from(measured, (each, i) => scale.variance(observations[i]!.mean, each));
  if (variance.every((each) => each === 0)) return { kind: 'none' };
  return variance.every(Number.isNaN) ? { kind: 'inferred' } : { kind: 'known', variance };
}

/**
 * A fixed log gives the same number every time, so its metrics have no noise between trials. An external evaluator's
 * have what their sem says, and an inferred one where no sem came, unless the study says otherwise.
 */
export function noiseKind({ metrics, log }: StudyDefinition, metric: string): NoiseModel['kind'] {
  return metrics[metric]?.noise ?? (log === undefined ? 'known' : 'none');
}

/** What an observed trial's metric was, derived or not. */
export function observationAt(
  definition: StudyDefinition,
  { observations }: Pick<ObservedTrial, 'observations'>,
  metric: string,
): Observation {
  return observationOf(definition, observations, metric)!;
}

/** Whether every metric that steers the study is measured exactly. */
export function isNoiseFree(definition: StudyDefinition, modelled: readonly string[]): boolean {
  return modelled.every((metric) => noiseKind(definition, metric) === 'none');
}

/** Whether every modelled metric of an observed trial came without noise: to measure it again would tell nothing. */
export function isMeasuredExactly(
  definition: StudyDefinition,
  { observations }: Pick<ObservedTrial, 'observations'>,
): boolean {
  return modelledMetrics(definition).every((metric) => {
    const kind = noiseKind(definition, metric);
    return kind === 'none' || (kind === 'known' && observations[metric]?.sem === 0);
  });
}
