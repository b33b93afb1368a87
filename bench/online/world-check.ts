import { randomStream } from '../../math/random.ts';
import { objectiveLift, violation } from './world/best-weights.ts';
import type { Kind } from './world/kinds.ts';
import { metricCorrelations } from './world/metric-correlations.ts';
import { drawWorld, offlineOptimum, trueOptimum } from './world/world.ts';

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

export function checkWorld({ kind, seed }: WorldJob): WorldCheck {
  const world = drawWorld(kind, seed);
  const base = world.truth(world.baseline);
  const shipped = world.truth(offlineOptimum(world).weights);
  return {
    correlations: metricCorrelations(world, randomStream(seed, 'world-check', kind)),
    optimumLift: objectiveLift(trueOptimum(world).metrics, base),
    offlineLift: objectiveLift(shipped, base),
    offlineViolates: violation(shipped, base) > 0,
  };
}
