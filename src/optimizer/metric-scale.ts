import { bilog, bilogScale, compose, type OutlierTransform, winsorizing } from '../../gp/outlier-transform.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { type GuardrailBound, guardrailBounds } from './guardrail-bounds.ts';
import { isNoiseFree, observedTrials } from './training-data.ts';

const IDENTITY: OutlierTransform = {
  forward: (value) => value,
  inverse: (value) => value,
  variance: (_value, variance) => variance,
};

/**
 * The scale that a metric is modelled on: a guardrail's metric is winsorised, so that a few bad trials do not hide what
 * happens near the bound, and, where the bound is a number, taken to the bi-logarithm around it.
 *
 * A bound relative to a noisy baseline is a point of the same process, which only keeps its meaning on the raw scale: there
 * values are winsorised alone. The objective keeps its scale.
 */
export function metricScale(
  definition: StudyDefinition,
  trials: readonly Trial[],
  metric: string,
): OutlierTransform {
  const bounds = (guardrailBounds(definition, trials) ?? []).filter((bound) => bound.metric === metric);
  const observed = observedTrials(trials);
  const MODE = (globalThis as { MODE?: string }).MODE ?? 'wins';
  if (metric === definition.objective.metric || bounds.length === 0 || observed.length === 0 || MODE === 'none') return IDENTITY;
  const values = Float64Array.from(observed, ({ observations }) => observations[metric]!.mean);
  const [first] = bounds;
  const one = bounds.every(({ bound }) => bound === first!.bound);
  const fixed = one && (first!.factor === 0 || isNoiseFree(definition, [metric]));
  const tamed = MODE === 'bilogonly' ? IDENTITY : winsorizing(values, one ? first!.bound : undefined);
  if (!fixed || MODE === 'wins') return tamed;
  const scale = bilogScale(values.map(tamed.forward), first!.bound);
  return compose(tamed, bilog(first!.bound, scale));
}

/** The guardrails with their bounds on the scales that their metrics are modelled on. */
export function modelledBounds(
  definition: StudyDefinition,
  trials: readonly Trial[],
): readonly GuardrailBound[] | undefined {
  return guardrailBounds(definition, trials)?.map((guardrail) => {
    const bound = metricScale(definition, trials, guardrail.metric).forward(guardrail.bound);
    return bound === guardrail.bound ? guardrail : { ...guardrail, bound, factor: 0, offset: bound };
  });
}
