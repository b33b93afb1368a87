import type { OnlineEvidence, ReadRound } from '../arms/online-evidence.ts';

/** The rounds that are of use for a metric: those in which its baseline was measured, as all lifts are over it. */
export function roundsOf({ rounds }: Pick<OnlineEvidence, 'rounds'>, metric: string): readonly ReadRound[] {
  return rounds.filter(({ arms, metrics }) => {
    const read = metrics[metric] ?? [];
    return read.length > 1 && read.some(({ arm }) => arm === arms[0]!.name);
  });
}
