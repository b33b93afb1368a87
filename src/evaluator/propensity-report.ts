import { irregularRequests } from './counterfactual/logged-places.ts';
import type { EngagementLog } from './engagement-log.ts';

const CLIPS = [10, 20, 50, 100];

/** What the display propensities p of a log are worth, before any ranking; all rows weigh alike. */
export interface PropensityReport {
  /** Mean of 1/p. */
  readonly meanWeight: number;
  readonly largestWeight: number;
  /** (Σ 1/p)²/Σ 1/p². */
  readonly effectiveSampleSize: number;
  /** The share of rows with 1/p above the clip. */
  readonly clipped: readonly { readonly clip: number; readonly share: number }[];
  /**
   * Σ_i 1/p_i/Σ_r n_r², n_r the rows of request r: in expectation the share of the pairs of a row and a place of its request
   * that production could have shown; 1 where it could have shown any, more only where propensities are too small.
   */
  readonly support: number;
  /** Every propensity is 1. */
  readonly certain: boolean;
  /** Requests whose places are not 1 to their number of rows, each once; null where the study names no column of places. */
  readonly irregularRequests: number | null;
}

/** Reports on the display propensities of a log; null where it was read without them. */
export function propensityReport(log: EngagementLog): PropensityReport | null {
  const { rows, requests, requestOffsets, displayPropensity, position } = log;
  if (displayPropensity === undefined) return null;
  let sum = 0;
  let sumOfSquares = 0;
  let largestWeight = 0;
  const above = CLIPS.map(() => 0);
  for (const p of displayPropensity) {
    const weight = 1 / p;
    sum += weight;
    sumOfSquares += weight * weight;
    largestWeight = Math.max(largestWeight, weight);
    for (const [c, clip] of CLIPS.entries()) if (weight > clip) above[c]!++;
  }
  let pairs = 0;
  for (let r = 0; r < requests; r++) pairs += (requestOffsets[r + 1]! - requestOffsets[r]!) ** 2;
  return {
    meanWeight: sum / rows,
    largestWeight,
    effectiveSampleSize: sum * (sum / sumOfSquares),
    clipped: CLIPS.map((clip, c) => ({ clip, share: above[c]! / rows })),
    support: sum / pairs,
    certain: largestWeight === 1,
    irregularRequests: position === undefined ? null : (irregularRequests(log, position)?.requests ?? 0),
  };
}
