/**
 * Whole numbers in proportion to shares, with exactly the sum that is wanted: the largest remainder method.
 *
 * q_i = total·share_i/Σshare, each weight ⌊q_i⌋, and one more for the largest q_i − ⌊q_i⌋ until the sum is reached; equal
 * remainders in their order. No weight is 1 or more away from q_i, and no other whole numbers of this sum are nearer in the
 * sum of squares.
 *
 * Throws RangeError unless `total` is a whole number above 0 and the shares are finite, not negative, and one of them positive.
 * Source: Hamilton's apportionment; Balinski & Young 1982, Fair Representation.
 */
export function integerWeights(shares: readonly number[], total: number): readonly number[] {
  if (!(Number.isInteger(total) && total > 0)) throw new RangeError(`weights that add up to ${total}`);
  const wrong = shares.find((share) => !(Number.isFinite(share) && share >= 0));
  if (wrong !== undefined) throw new RangeError(`share ${wrong}`);
  const sum = shares.reduce((partial, share) => partial + share, 0);
  if (!(sum > 0 && Number.isFinite(sum))) throw new RangeError(`shares that add up to ${sum}`);
  const quotas = shares.map((share) => (share / sum) * total);
  const weights = quotas.map(Math.floor);
  const left = total - weights.reduce((partial, weight) => partial + weight, 0);
  const byRemainder = quotas
    .map((quota, i) => ({ i, remainder: quota - weights[i]! }))
    .toSorted((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (const { i } of byRemainder.slice(0, left)) weights[i]! += 1;
  return weights;
}
