import { randomStream } from '../../math/random.ts';
import { objectiveLift, violation } from './world/best-weights.ts';
import type { Kind } from './world/kinds.ts';
import { metricCorrelations } from './world/metric-correlations.ts';
import { offlineOptimum, trueOptimum, type World } from './world/world.ts';

/** One world of a kind. */
export interface WorldJob {
  readonly kind: Kind;
  readonly seed: number;
}

/** What a world is like before any strategy sees it. */
export interface WorldCheck {
  /** Of log and truth over uniform weights other than those that the world was drawn with, by head. */
  readonly correlations: readonly number[];
  /** True lifts of the objective over the baseline. */
  readonly optimumLift: number;
  readonly offlineLift: number;
  /** Whether the offline optimum truly violates a guardrail. */
  readonly offlineViolates: boolean;
}

export function checkWorld(world: World): WorldCheck {
  const base = world.truth(world.baseline);
  const shipped = world.truth(offlineOptimum(world).weights);
  return {
    correlations: metricCorrelations(world, randomStream(world.seed, 'world-check', world.kind)),
    optimumLift: objectiveLift(trueOptimum(world).metrics, base),
    offlineLift: objectiveLift(shipped, base),
    offlineViolates: violation(shipped, base) > 0,
  };
}
