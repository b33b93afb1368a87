import type { LogMetric } from '../domain/metric.ts';
import type { Observation } from '../domain/trial.ts';
import type { EngagementLog } from './engagement-log.ts';
import type { EvaluationScratch } from './evaluation-scratch.ts';
import {
  type Combination,
  evaluateInfluences,
  type Influences,
  type InfluenceScratch,
} from './influence/influences.ts';
import { pairedStandardError, standardError } from './standard-errors.ts';
import type { Team } from './team/team.ts';
import type { Ordering } from './utility.ts';

/** What is evaluated of an ordering. */
export interface MeasuredMetrics {
  readonly metrics: readonly LogMetric[];
  /** Further metrics, made of those. */
  readonly combinations: readonly Combination[];
}

/**
 * Metrics of one ordering of a log with the standard error of each and, where the baseline's influences are given, the paired
 * one of its difference to the baseline; in one pass. No standard error where a metric has no influence (ece).
 *
 * Values and errors as of `evaluate`.
 */
export function evaluateWithErrors(
  log: EngagementLog,
  ordering: Ordering,
  { metrics, combinations }: MeasuredMetrics,
  baseline: Influences | undefined,
  scratch: EvaluationScratch,
  influenceScratch: InfluenceScratch,
  team?: Team,
): Record<string, Observation> {
  const errors = new Map<string, Omit<Observation, 'mean'>>();
  const receive = (metric: string, psi: Float64Array | undefined): void => {
    const reference = baseline?.[metric];
    errors.set(metric, {
      sem: psi === undefined ? null : standardError(psi),
      ...(psi !== undefined && reference !== undefined && { changeSem: pairedStandardError(psi, reference) }),
    });
  };
  const values = evaluateInfluences(
    log,
    ordering,
    metrics,
    combinations,
    scratch,
    influenceScratch,
    receive,
    team,
  );
  const means = [
    ...metrics.map(({ name }) => [name, values[name]!] as const),
    ...combinations.map(({ name, terms, constant }) => [name, combined(values, terms, constant)] as const),
  ];
  return Object.fromEntries(means.map(([name, mean]) => [name, { mean, ...errors.get(name)! }]));
}

/** The influences of an ordering, kept: those of the baseline, which every trial is paired with. */
export function influencesOf(
  log: EngagementLog,
  ordering: Ordering,
  { metrics, combinations }: MeasuredMetrics,
  scratch: EvaluationScratch,
  influenceScratch: InfluenceScratch,
  team?: Team,
): Influences {
  const kept: Record<string, Float64Array<SharedArrayBuffer>> = {};
  evaluateInfluences(
    log,
    ordering,
    metrics,
    combinations,
    scratch,
    influenceScratch,
    (metric, psi) => {
      if (psi === undefined) return;
      kept[metric] = new Float64Array(new SharedArrayBuffer(psi.byteLength));
      kept[metric].set(psi);
    },
    team,
  );
  return kept;
}

function combined(
  values: Readonly<Record<string, number>>,
  terms: Combination['terms'],
  constant: number,
): number {
  return terms.reduce((sum, { part, coefficient }) => sum + coefficient * values[part]!, constant);
}
