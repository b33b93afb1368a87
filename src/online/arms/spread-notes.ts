import type { OnlineEvidence } from './online-evidence.ts';

/** Says so where models take a unit of every weight to move the utility alike, as nothing tells how far each does. */
export function spreadNotes({ spreads }: Pick<OnlineEvidence, 'spreads'>): readonly string[] {
  if (spreads !== null) return [];
  return [
    'no log at hand told how far each head’s probabilities spread: the models take a unit of every weight to move the utility alike',
  ];
}
