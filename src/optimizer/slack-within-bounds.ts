import { observationOf } from '../domain/derived-metric.ts';
import type { Guardrail } from '../domain/guardrail.ts';
import type { StudyDefinition } from '../domain/study.ts';
import {
  BASELINE_TRIAL,
  type Bounds,
  type Observation,
  type Observations,
  type Trial,
} from '../domain/trial.ts';

/**
 * By how much the slack of a guardrail may be less than it was observed to be, where a log bounds its metrics: the worst of all
 * metrics m and baselines b within their bounds. 0 where they are exact.
 *
 * The bounds of two weight vectors have nothing in common, as rows that share a bin under one do not under the other, so both are
 * taken at their worst. Only the baseline beside itself is known better: m − c·b = (1 − c)·m.
 */
export function slackWithinBounds(
  definition: StudyDefinition,
  trials: readonly Trial[],
  { metric, relation, factor }: Pick<Guardrail, 'metric' | 'relation' | 'factor'>,
  observations: Readonly<Observations>,
): number {
  const here = observationOf(definition, observations, metric)!;
  const measured = trials.find(({ number }) => number === BASELINE_TRIAL)?.observations;
  const side = relation === '>=' ? 1 : -1;
  if (measured === observations) return shortfall(here, side * (1 - factor));
  const baseline = measured && observationOf(definition, measured, metric);
  return shortfall(here, side) + (baseline === undefined ? 0 : shortfall(baseline, -side * factor));
}

/** Where the slack surely is; nothing where metrics are exact. */
export function slackBounds(
  definition: StudyDefinition,
  trials: readonly Trial[],
  guardrail: Pick<Guardrail, 'metric' | 'relation' | 'factor'>,
  observations: Readonly<Observations>,
  slack: number,
): { readonly bounds?: Bounds } {
  if (observationOf(definition, observations, guardrail.metric)?.bounds === undefined) return {};
  const opposite = { ...guardrail, relation: guardrail.relation === '>=' ? '<=' : '>=' } as const;
  return {
    bounds: {
      lower: slack - slackWithinBounds(definition, trials, guardrail, observations),
      upper: slack + slackWithinBounds(definition, trials, opposite, observations),
    },
  };
}

/** How far a multiple of an observation may be below itself. */
function shortfall(observation: Observation, multiple: number): number {
  const { lower, upper } = boundsOf(observation);
  return multiple >= 0 ? multiple * (observation.mean - lower) : -multiple * (upper - observation.mean);
}

/** Where a metric surely is: at its value where nothing else is said. */
export function boundsOf({ mean, bounds }: Observation): Bounds {
  return bounds ?? { lower: mean, upper: mean };
}

/**
 * The variance of a metric that lies anywhere in its bounds alike: their width squared over 12.
 *
 * Rows share bins with others under other weights, so that errors of two trials are independent of each other.
 */
export function varianceWithinBounds(observation: Observation): number {
  const { lower, upper } = boundsOf(observation);
  return (upper - lower) ** 2 / 12;
}
