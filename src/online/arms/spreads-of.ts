import type { OnlineEvidence } from './online-evidence.ts';

/** How far a unit of each weight moves the utility, in the order of the names; 1 where nothing tells. */
export function spreadsOf(
  { spreads }: Pick<OnlineEvidence, 'spreads'>,
  names: readonly string[],
): readonly number[] {
  return names.map((name) => (spreads === null ? 1 : spreads[name]!));
}
