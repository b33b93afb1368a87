import type { EngagementLog } from './engagement-log.ts';

/**
 * The standard deviation of each head's calibrated probability over the log, by row weights, in the order of the heads.
 *
 * √(Σ w_i (p_i − p̄)²/Σ w_i): times a weight of the utility, how far that term moves the ranking
 */
export function probabilitySpreads({ heads, weight }: EngagementLog): readonly number[] {
  const w = (i: number): number => (weight === undefined ? 1 : weight[i]!);
  return heads.map(({ probability }) => {
    let total = 0;
    let sum = 0;
    for (let i = 0; i < probability.length; i++) {
      total += w(i);
      sum += w(i) * probability[i]!;
    }
    const mean = sum / total;
    let squares = 0;
    for (let i = 0; i < probability.length; i++) squares += w(i) * (probability[i]! - mean) ** 2;
    return Math.sqrt(squares / total);
  });
}
