import type { EngagementLog } from './engagement-log.ts';

/** How impressions are ordered: by weights, one per head in the order of the log, or by the logged score. */
export type Ordering = { readonly weights: Float64Array } | 'baselineScore';

/**
 * The utility by which impressions are ordered.
 *
 * u_i = Σ_t s_t w_t p_ti, added in head order
 *
 * `weights` one per head; `utility` n, overwritten. Throws a `RangeError` when the lengths do not fit, or when
 * the log was read without a baseline score and one is asked for.
 */
export function writeUtility(log: EngagementLog, ordering: Ordering, utility: Float64Array): void {
  if (utility.length !== log.rows)
    throw new RangeError(`utility has ${utility.length} rows, the log ${log.rows}`);
  if (ordering === 'baselineScore') {
    if (log.baselineScore === undefined) throw new RangeError('the log was read without a baseline score');
    utility.set(log.baselineScore);
    return;
  }
  const { weights } = ordering;
  if (weights.length !== log.heads.length) {
    throw new RangeError(`${weights.length} weights for ${log.heads.length} heads`);
  }
  utility.fill(0);
  log.heads.forEach(({ sign, probability }, t) => {
    const weight = sign * weights[t]!;
    if (!Number.isFinite(weight)) throw new RangeError(`weight ${t} is ${weight}`);
    for (let i = 0; i < utility.length; i++) utility[i] = utility[i]! + weight * probability[i]!;
  });
}
