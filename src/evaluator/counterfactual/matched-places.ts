import type { LogMetric } from '../../domain/metric.ts';
import type { EngagementLog } from '../engagement-log.ts';
import type { EvaluationScratch } from '../evaluation-scratch.ts';
import type { CumulativeExamination } from '../examination-curve.ts';
import type { Ranking } from '../ranking.ts';
import { rowGains } from '../row-gains.ts';
import type { Selection } from '../selection.ts';
import { checkLoggedPlaces, checkSegment, loggedPlaces } from './logged-places.ts';
import { writeMatchWeights } from './match-weights.ts';
import { type PlaceEstimator, inversePropensity, selfNormalised } from './place-estimate.ts';
import { type PlaceSums, placeSums } from './place-sums.ts';

/** What a counterfactual metric is computed from: as `MetricInput` of `log-metrics.ts` has it. */
export interface CounterfactualInput {
  readonly log: EngagementLog;
  readonly metric: LogMetric;
  readonly rows: Selection;
  readonly scratch: EvaluationScratch;
  readonly ranking: () => Ranking;
}

/** The rows that a ranking leaves at their logged place, and their sums. */
export interface MatchedPlaces {
  /** n, from `writeMatchWeights`; in the scratch until the next metric. */
  readonly weights: Float64Array;
  readonly position: Int32Array;
  readonly gain: Int8Array | Float64Array;
  /** Σ δ_k of the first places. */
  readonly discounts: CumulativeExamination;
  /** K, the cut-off or the longest request. */
  readonly places: number;
  readonly sums: PlaceSums;
}

export const ESTIMATE_BY: Readonly<Record<'ips' | 'snips', PlaceEstimator>> = {
  ips: inversePropensity,
  snips: selfNormalised,
};

/** Matches a ranking with the logged one. Throws `log_invalid` where the log does not allow it. */
export function matchedPlaces({ log, metric, rows, scratch, ranking }: CounterfactualInput): MatchedPlaces {
  const logged = loggedPlaces(log);
  if (scratch.matchWeights === undefined) {
    checkLoggedPlaces(log);
    scratch.matchWeights = new Float64Array(log.rows);
  }
  checkSegment(log, metric, rows);
  const weights = scratch.matchWeights;
  writeMatchWeights(ranking(), log.requestOffsets, logged, metric.options.largestWeight, weights);
  const discounts = metric.kind.endsWith('.dcg') ? scratch.examination.log2 : scratch.examination.one;
  const places = Math.min(metric.cutoff ?? Infinity, discounts.length - 1);
  const gain = rowGains(log, rows, metric, scratch);
  const sums = placeSums(rows, logged.position, weights, gain, places);
  return { weights, position: logged.position, gain, discounts, places, sums };
}
