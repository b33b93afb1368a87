import type { Allocation } from '../../domain/allocation.ts';
import { type ArmValue, armValue } from './arm-value.ts';
import { type BucketRange, bucketRanges, bucketWeights } from './bucket-ranges.ts';

export interface PlainPayload {
  readonly experiment: string;
  readonly seed: string;
  /** n = (FNV-1a(decimal(FNV-1a(seed + id))) mod 10000)/10000, of 32 bits. */
  readonly hash: 'fnv1a32_twice';
  readonly unit: string;
  readonly coverage: number;
  readonly arms: readonly (ArmValue & { readonly share: number; readonly range: BucketRange })[];
}

/** For a switch of one's own: the arms with their shares and buckets, to be read with `bucketOf` or a few lines like it. */
export function plainPayload(allocation: Allocation): PlainPayload {
  const { experiment, seed, coverage, unit = 'user_id', arms } = allocation;
  const weights = bucketWeights(allocation);
  const ranges = bucketRanges(weights, coverage);
  return {
    experiment,
    seed,
    hash: 'fnv1a32_twice',
    unit,
    coverage,
    arms: arms.map((arm, i) => ({ ...armValue(arm), share: weights[i]!, range: ranges[i]! })),
  };
}
