import { InvalidArgumentError } from 'commander';
import { LARGEST_SHARE, SMALLEST_SHARE } from '../domain/holdout-share.ts';

/** Parses the share of a hold-out; commander tells the user where it is not one. */
export function shareOption(text: string): number {
  const share = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || share < SMALLEST_SHARE || share > LARGEST_SHARE) {
    throw new InvalidArgumentError(`Expected a share from ${SMALLEST_SHARE} to ${LARGEST_SHARE}.`);
  }
  return share;
}
