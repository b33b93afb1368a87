import { handpicked } from './strategies/handpicked.ts';
import { offline } from './strategies/offline.ts';
import { online } from './strategies/online.ts';
import { ours } from './strategies/ours.ts';
import { random } from './strategies/random.ts';
import type { Strategy } from './strategies/strategy.ts';
import { checkWorld, type WorldCheck, type WorldJob } from './world-check.ts';
import { objectiveLift, violation } from './world/best-weights.ts';
import { drawWorld } from './world/world.ts';

/** In the order of tables. */
export const STRATEGIES = { handpicked, offline, random, online, ours } satisfies Record<string, Strategy>;

export type StrategyName = keyof typeof STRATEGIES;

/** What is true of what a strategy shipped. */
export interface Outcome {
  /** Of the objective, over the baseline. */
  readonly lift: number;
  readonly violates: boolean;
  /**
   * Lift of the true optimum − lift, at least 0; what violates a guardrail is taken back once that shows, so it counts as no
   * better than the baseline.
   */
  readonly regret: number;
  readonly logUsed?: readonly boolean[];
}

export interface RaceAnswer {
  readonly check: WorldCheck;
  readonly outcomes: Readonly<Record<StrategyName, Outcome>>;
}

/** Lets every strategy ship in one world. */
export function race({ kind, seed }: WorldJob): RaceAnswer {
  const world = drawWorld(kind, seed);
  const base = world.truth(world.baseline);
  const check = checkWorld(world);
  const outcomes = Object.entries(STRATEGIES).map(([name, strategy]): [string, Outcome] => {
    const { weights, logUsed } = strategy(world);
    const metrics = world.truth(weights);
    const lift = objectiveLift(metrics, base);
    const violates = violation(metrics, base) > 0;
    const regret = Math.max(0, check.optimumLift - (violates ? Math.min(0, lift) : lift));
    return [name, { lift, violates, regret, ...(logUsed && { logUsed }) }];
  });
  return { check, outcomes: Object.fromEntries(outcomes) as Record<StrategyName, Outcome> };
}
