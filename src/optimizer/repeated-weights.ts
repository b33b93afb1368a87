import type { StudyDefinition } from '../domain/study.ts';
import type { Weights } from '../domain/trial.ts';
import type { MetricModels } from './metric-models.ts';
import { observationVariance } from './observation-variance.ts';
import { observationAt, type ObservedTrial } from './training-data.ts';

/** For each observed trial, the row of the first one at exactly its weights: its own unless it repeats another. */
export function firstAtWeights(observed: readonly ObservedTrial[]): readonly number[] {
  const first = new Map<string, number>();
  return observed.map(({ weights }, row) => {
    const key = keyOf(weights);
    const before = first.get(key);
    if (before !== undefined) return before;
    first.set(key, row);
    return row;
  });
}

/** The rows of the observed trials that repeat no other: one a location, the first, speaks for all of them. */
export function distinctRows(observed: readonly ObservedTrial[]): readonly number[] {
  return firstAtWeights(observed).filter((first, row) => first === row);
}

/** Whatever the order of the names. */
function keyOf(weights: Weights): string {
  return JSON.stringify(Object.entries(weights).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What was observed of a metric at some weights, raw units. */
export interface PooledObservation {
  readonly mean: number;
  readonly variance: number;
}

/**
 * For each observed trial, what all observations of the metric at its weights say together.
 *
 * mean = Σ(y_i/v_i)/Σ(1/v_i), variance = 1/Σ(1/v_i), v_i the noise variance of each. Of exact ones, v_i = 0, the first
 * stands.
 */
export function pooledObservations(
  definition: StudyDefinition,
  models: MetricModels,
  observed: readonly ObservedTrial[],
  metric: string,
): readonly PooledObservation[] {
  const own = observed.map((trial): PooledObservation => ({
    mean: observationAt(definition, trial, metric).mean,
    variance: observationVariance(definition, models, metric, trial.observations),
  }));
  const first = firstAtWeights(observed);
  const groups = new Map<number, PooledObservation[]>();
  for (const [row, each] of own.entries()) {
    const group = groups.get(first[row]!);
    if (group === undefined) groups.set(first[row]!, [each]);
    else group.push(each);
  }
  const pooled = new Map([...groups].map(([row, group]) => [row, pool(group)]));
  return first.map((row) => pooled.get(row)!);
}

function pool(group: readonly PooledObservation[]): PooledObservation {
  const exact = group.length === 1 ? group[0] : group.find(({ variance }) => variance === 0);
  if (exact !== undefined) return exact;
  // Relative to the least variance, whose inverse could overflow.
  const least = Math.min(...group.map(({ variance }) => variance));
  const precisions = group.map(({ variance }) => least / variance);
  const total = precisions.reduce((sum, precision) => sum + precision, 0);
  const mean = group.reduce((sum, each, i) => sum + (precisions[i]! / total) * each.mean, 0);
  return { mean, variance: least / total };
}
