import type { EngagementLog } from './engagement-log.ts';

/** How impressions are ordered: by weights, one per head in the order of the log, or by the logged score. */
export type Ordering = { readonly weights: Float64Array } | 'baselineScore';

/** Rows that are added up head by head while they are in a core's smallest cache. */
const BLOCK = 2048;

/**
 * The utility by which impressions are ordered.
 *
 * u_i = Σ_t s_t w_t p_ti, added in head order
 *
 * `weights` one per head; `utility` n, of which the rows from … to − 1 are overwritten. Throws a `RangeError` when the lengths
 * do not fit, or when the log was read without a baseline score and one is asked for.
 */
export function writeUtility(
  log: EngagementLog,
  ordering: Ordering,
  utility: Float64Array,
  from = 0,
  to = log.rows,
): void {
  if (utility.length !== log.rows)
    throw new RangeError(`utility has ${utility.length} rows, the log ${log.rows}`);
  if (ordering === 'baselineScore') {
    if (log.baselineScore === undefined) throw new RangeError('the log was read without a baseline score');
    utility.set(log.baselineScore.subarray(from, to), from);
    return;
  }
  const { weights } = ordering;
  const { heads } = log;
  if (weights.length !== heads.length) {
    throw new RangeError(`${weights.length} weights for ${heads.length} heads`);
  }
  const signed = heads.map(({ sign }, t) => sign * weights[t]!);
  signed.forEach((weight, t) => {
    if (!Number.isFinite(weight)) throw new RangeError(`weight ${t} is ${weight}`);
  });
  for (let start = from; start < to; start += BLOCK) {
    const end = Math.min(start + BLOCK, to);
    utility.fill(0, start, end);
    for (let t = 0; t < heads.length; t += 4) addHeads(utility, heads, signed, t, start, end);
  }
}

/** Adds up to four heads from head t on. */
function addHeads(
  utility: Float64Array,
  heads: EngagementLog['heads'],
  weights: readonly number[],
  t: number,
  from: number,
  to: number,
): void {
  if (t + 4 > heads.length) {
    for (let s = t; s < heads.length; s++) addHead(utility, heads[s]!.probability, weights[s]!, from, to);
    return;
  }
  const [a, b, c, d] = [heads[t]!, heads[t + 1]!, heads[t + 2]!, heads[t + 3]!];
  const [p, q, r, s] = [a.probability, b.probability, c.probability, d.probability];
  const [w, x, y, z] = [weights[t]!, weights[t + 1]!, weights[t + 2]!, weights[t + 3]!];
  for (let i = from; i < to; i++) {
    utility[i] = utility[i]! + w * p[i]! + x * q[i]! + y * r[i]! + z * s[i]!;
  }
}

function addHead(
  utility: Float64Array,
  probability: Float64Array,
  weight: number,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) utility[i] = utility[i]! + weight * probability[i]!;
}
