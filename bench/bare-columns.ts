import type { EngagementLog } from '../src/evaluator/engagement-log.ts';

/** What a generated log has none of: for a log of scores and labels alone, or before those that it does have. */
export const BARE_COLUMNS = {
  baselineScore: undefined,
  weight: undefined,
  examination: undefined,
  examinationCurve: undefined,
  segment: undefined,
  displayPropensity: undefined,
  position: undefined,
  userOfRequest: undefined,
  timestampOfRequest: undefined,
} as const satisfies Partial<EngagementLog>;
