import type { Readout } from '../../domain/readout.ts';
import { type ArmSums, pairsOf, type SummedMetric } from './unit-sums.ts';

/**
 * The correlation over units of each two metrics without a covariate, Σ_arms S_ab/√(Σ_arms S_aa Σ_arms S_bb), S sums about the
 * means of an arm; to four digits. A metric that does not vary has none.
 *
 * CUPED takes another part off each metric, so that its errors go together in another way.
 */
export function metricCorrelations(
  metrics: readonly SummedMetric[],
  arms: readonly ArmSums[],
): Pick<Readout, 'correlations'> {
  const squares = (m: number): number =>
    total(arms, ({ n, metrics: sums }) => sums[m]!.sumOfSquares - sums[m]!.sum ** 2 / n);
  const correlations = pairsOf(metrics.length).flatMap(([a, b], p) => {
    if (metrics[a]!.x !== undefined || metrics[b]!.x !== undefined) return [];
    const together = total(
      arms,
      ({ n, metrics: sums, products }) => products[p]! - (sums[a]!.sum * sums[b]!.sum) / n,
    );
    const size = Math.sqrt(squares(a) * squares(b));
    if (!(size > 0)) return [];
    const correlation = Math.min(1, Math.max(-1, Number((together / size).toFixed(4))));
    return [{ metrics: [metrics[a]!.metric, metrics[b]!.metric] as [string, string], correlation }];
  });
  return correlations.length === 0 ? {} : { correlations };
}

function total(arms: readonly ArmSums[], of: (arm: ArmSums) => number): number {
  return arms.reduce((sum, arm) => sum + of(arm), 0);
}
