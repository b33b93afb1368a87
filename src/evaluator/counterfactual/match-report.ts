import type { LogMetric } from '../../domain/metric.ts';
import type { EngagementLog } from '../engagement-log.ts';
import type { EvaluationScratch } from '../evaluation-scratch.ts';
import { LOG_METRICS } from '../log-metrics.ts';
import { headOf } from '../metric-rows.ts';
import { rankWithinRequests } from '../rank-within-requests.ts';
import type { Selection } from '../selection.ts';
import { standardError } from '../standard-errors.ts';
import type { Units } from '../units.ts';
import { type Ordering, writeUtility } from '../utility.ts';
import { type MatchedPlaces, matchedPlaces } from './matched-places.ts';
import { sampleSize, smallestSampleSize } from './sample-size.ts';

/** What a counterfactual metric of a ranking is estimated from. */
export interface MatchReport {
  /** As `HEAD.ips.ess@K` or `HEAD.snips.ess@K` has it. */
  readonly effectiveSampleSize: number;
  /** The largest ω_i of a row, 0 without a match. */
  readonly largestWeight: number;
  /**
   * Σ_k M_k/Σ_k C_k: 1 in expectation where propensities are right and production could have shown what the ranking shows; less
   * where it could not, or where weights are clipped. Null where no row is at a place.
   */
  readonly meanWeight: number | null;
  /** Standard error of the mean weight, by unit. */
  readonly meanWeightSem: number | null;
  /** The share of the rows that match whose weight is clipped. */
  readonly clippedShare: number;
}

/** Reports what each of these counterfactual metrics of an ordering is estimated from, by name. Errors as of `evaluate`. */
export function matchReports(
  log: EngagementLog,
  ordering: Ordering,
  metrics: readonly LogMetric[],
  scratch: EvaluationScratch,
  units: Units,
): Readonly<Record<string, MatchReport>> {
  writeUtility(log, ordering, scratch.utility);
  const ranking = rankWithinRequests(scratch.utility, log.requestOffsets, scratch);
  const reports = metrics.map((metric) => {
    const rows = LOG_METRICS[metric.kind].rows(log, headOf(log, metric), metric, scratch);
    const matched = matchedPlaces({ log, metric, rows, scratch, ranking: () => ranking });
    return [metric.name, matchReport(log, metric, rows, matched, units)] as const;
  });
  return Object.fromEntries(reports);
}

function matchReport(
  { displayPropensity }: EngagementLog,
  { kind, options }: LogMetric,
  rows: Selection,
  matched: MatchedPlaces,
  { count, ofRequest }: Units,
): MatchReport {
  const { requestOffsets, label, requestWeight, counted } = rows;
  const { weights, position, places, sums } = matched;
  const mean = meanOf(sums);
  const psi = new Float64Array(count);
  let largestWeight = 0;
  let matches = 0;
  let clipped = 0;
  for (let r = 0; r < counted.length; r++) {
    if (counted[r] === 0) continue;
    const w = requestWeight === undefined ? 1 : requestWeight[r]!;
    for (let i = requestOffsets[r]!; i < requestOffsets[r + 1]!; i++) {
      if (position[i]! > places || label[i]! < 0) continue;
      const weight = weights[i]!;
      psi[ofRequest[r]!]! += w * (weight - (mean ?? 0));
      if (weight === 0) continue;
      largestWeight = Math.max(largestWeight, weight);
      matches++;
      if (1 / displayPropensity![i]! > options.largestWeight) clipped++;
    }
  }
  return {
    effectiveSampleSize: (kind.startsWith('snips.') ? smallestSampleSize : sampleSize)(sums),
    largestWeight,
    meanWeight: mean,
    meanWeightSem: mean === null ? null : standardError(psi) / totalOf(sums.shown),
    clippedShare: matches === 0 ? 0 : clipped / matches,
  };
}

function meanOf({ matched, shown }: MatchedPlaces['sums']): number | null {
  const all = totalOf(shown);
  return all === 0 ? null : totalOf(matched) / all;
}

function totalOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
