import type { LogMetric } from '../../domain/metric.ts';
import type { EngagementLog } from '../engagement-log.ts';
import { evaluate, type Observer } from '../evaluate.ts';
import type { EvaluationScratch } from '../evaluation-scratch.ts';
import { computedMetric, LOG_METRICS } from '../log-metrics.ts';
import { createPassInfluenceScratch, type PassInfluenceScratch } from '../pooled/pass-influences.ts';
import { influenceOf } from './influence-of.ts';
import type { Team } from '../team/team.ts';
import type { Ordering } from '../utility.ts';
import { type Units, unitsOf } from '../units.ts';

/** A metric that is a linear combination of measured ones: Σ coefficient · part + constant. */
export interface Combination {
  readonly name: string;
  readonly terms: readonly { readonly part: string; readonly coefficient: number }[];
  readonly constant: number;
}

/** ψ by metric, one value a unit; without the metrics that have none. In shared memory, so that threads share one copy. */
export type Influences = Readonly<Record<string, Float64Array<SharedArrayBuffer>>>;

/**
 * What one thread keeps to tell standard errors on one log: 8 bytes a row; 8 a unit for each combination and one more; and for
 * each metric of a pooled pass 8 a unit and as much again for each of its groups (`groupsFor`).
 */
export interface InfluenceScratch {
  readonly units: Units;
  readonly pooled: PassInfluenceScratch;
  readonly psi: Float64Array;
  readonly combined: Map<string, Float64Array>;
  /** Of metrics that do not depend on the ordering. */
  readonly constants: Map<string, Float64Array | undefined>;
}

export function createInfluenceScratch(log: EngagementLog): InfluenceScratch {
  const units = unitsOf(log);
  return {
    units,
    pooled: createPassInfluenceScratch(units),
    psi: new Float64Array(units.count),
    combined: new Map(),
    constants: new Map(),
  };
}

/**
 * Evaluates metrics, and hands out the influence of each unit on each of them as soon as it is known, then on the
 * combinations of them; undefined for a metric, or a combination of one, that has none (ece).
 *
 * `receive` must be done with ψ when it returns. Values and errors as of `evaluate`.
 */
export function evaluateInfluences(
  log: EngagementLog,
  ordering: Ordering,
  metrics: readonly LogMetric[],
  combinations: readonly Combination[],
  scratch: EvaluationScratch,
  { units, pooled, psi, combined, constants }: InfluenceScratch,
  receive: (metric: string, psi: Float64Array | undefined) => void,
  team?: Team,
): Record<string, number> {
  for (const { name } of combinations) {
    const sums = combined.get(name);
    if (sums === undefined) combined.set(name, new Float64Array(units.count));
    else sums.fill(0);
  }
  const without = new Set<string>();
  const take = (metric: string, found: Float64Array | undefined): void => {
    if (found === undefined) without.add(metric);
    else addTo(combinations, combined, metric, found);
    receive(metric, found);
  };
  const unranked = metrics.filter(({ kind }) => LOG_METRICS[kind].scope === 'unranked');
  for (const { name } of unranked) if (!constants.has(name)) scratch.constants.delete(name);
  const observer: Observer = {
    metric: (input, value) => {
      const { name } = input.metric;
      const { sampling, scope } = computedMetric(input.metric);
      const influence = influenceOf(sampling);
      influence?.(input, value, units, psi);
      if (scope !== 'unranked') take(name, influence && psi);
      else constants.set(name, influence && psi.slice());
    },
    pooled: { scratch: pooled, influence: ({ name }, found) => take(name, found) },
  };
  const values = evaluate(log, ordering, metrics, scratch, observer, team);
  for (const { name } of unranked) take(name, constants.get(name));
  for (const { name, terms } of combinations) {
    receive(name, terms.some(({ part }) => without.has(part)) ? undefined : combined.get(name));
  }
  return values;
}

function addTo(
  combinations: readonly Combination[],
  combined: ReadonlyMap<string, Float64Array>,
  metric: string,
  psi: Float64Array,
): void {
  for (const { name, terms } of combinations) {
    const term = terms.find(({ part }) => part === metric);
    if (term === undefined) continue;
    const sums = combined.get(name)!;
    for (let u = 0; u < psi.length; u++) sums[u]! += term.coefficient * psi[u]!;
  }
}
