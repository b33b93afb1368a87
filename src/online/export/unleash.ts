import type { Allocation } from '../../domain/allocation.ts';
import { DomainError } from '../../domain/errors.ts';
import { armValue } from './arm-value.ts';
import { armWeights } from './arm-weights.ts';

/** Variant weights are thousandths. */
const PARTS = 1000;

/** A rollout is a whole percentage; a share of 0.07 is 7.000000000000001 of them. */
const ROUNDING = 1e-9;

export interface UnleashPayload {
  readonly version: 2;
  readonly features: readonly [UnleashFeature];
}

interface UnleashFeature {
  readonly name: string;
  readonly type: 'experiment';
  readonly enabled: true;
  readonly stale: false;
  readonly impressionData: true;
  readonly strategies: readonly [UnleashStrategy];
}

interface UnleashStrategy {
  readonly name: 'flexibleRollout';
  readonly constraints: readonly [];
  readonly parameters: { readonly groupId: string; readonly rollout: string; readonly stickiness: string };
  readonly variants: readonly UnleashVariant[];
}

interface UnleashVariant {
  readonly name: string;
  readonly weight: number;
  readonly weightType: 'variable' | 'fix';
  readonly stickiness: string;
  readonly payload: { readonly type: 'json'; readonly value: string };
}

/**
 * What Unleash's client API would answer: a feature with one gradual rollout whose variants are the arms.
 *
 * Outside the rollout the flag is off, and the ranker keeps its own weights. The baseline is the variant of variable weight,
 * of which Unleash wants one. The group is the seed.
 *
 * Throws `experiment_invalid` where the coverage is no whole percentage or an arm has less than a thousandth.
 * Source: Unleash, OpenAPI schemas `clientFeatureSchema`, `featureStrategySchema` and `strategyVariantSchema`.
 */
export function unleashPayload(allocation: Allocation): UnleashPayload {
  const { experiment, seed, coverage, unit = 'userId', arms } = allocation;
  const rollout = Math.round(100 * coverage);
  if (rollout < 1 || Math.abs(100 * coverage - rollout) > ROUNDING) {
    throw new DomainError(
      'experiment_invalid',
      `is ${coverage}: expected a whole percentage, which is what Unleash rolls out by`,
      {
        pointer: '/coverage',
      },
    );
  }
  const weights = armWeights(allocation, PARTS);
  const variants = arms.map((arm, i): UnleashVariant => ({
    name: arm.name,
    weight: weights[i]!,
    weightType: i === 0 ? 'variable' : 'fix',
    stickiness: unit,
    payload: { type: 'json', value: JSON.stringify(armValue(arm)) },
  }));
  const strategy: UnleashStrategy = {
    name: 'flexibleRollout',
    constraints: [],
    parameters: { groupId: seed, rollout: String(rollout), stickiness: unit },
    variants,
  };
  const feature: UnleashFeature = {
    name: experiment,
    type: 'experiment',
    enabled: true,
    stale: false,
    impressionData: true,
    strategies: [strategy],
  };
  return { version: 2, features: [feature] };
}
