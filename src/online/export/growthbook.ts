import type { Allocation } from '../../domain/allocation.ts';
import { type ArmValue, armValue } from './arm-value.ts';
import { bucketWeights } from './bucket-ranges.ts';

export interface GrowthBookPayload {
  readonly status: 200;
  readonly features: Readonly<
    Record<string, { readonly defaultValue: ArmValue; readonly rules: readonly [GrowthBookRule] }>
  >;
}

interface GrowthBookRule {
  readonly key: string;
  readonly seed: string;
  readonly hashAttribute: string;
  readonly hashVersion: 2;
  readonly coverage: number;
  readonly weights: readonly number[];
  readonly variations: readonly ArmValue[];
  readonly meta: readonly { readonly key: string; readonly name: string }[];
}

/**
 * What GrowthBook's SDK endpoint would answer: one feature with one experiment rule.
 *
 * Users outside the coverage get the baseline's value and are not tracked. Who gets which arm agrees with `armOf`.
 * Source: GrowthBook, "API" and "Build your own SDK" (specification 0.8.0).
 */
export function growthBookPayload(allocation: Allocation): GrowthBookPayload {
  const { experiment, seed, coverage, unit = 'id', arms } = allocation;
  const variations = arms.map(armValue);
  const rule: GrowthBookRule = {
    key: experiment,
    seed,
    hashAttribute: unit,
    hashVersion: 2,
    coverage,
    weights: bucketWeights(allocation),
    variations,
    meta: arms.map(({ name }) => ({ key: name, name })),
  };
  return { status: 200, features: { [experiment]: { defaultValue: variations[0]!, rules: [rule] } } };
}
