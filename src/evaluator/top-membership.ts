/**
 * The probability that each row is among the first k where ties are broken at random.
 *
 * 1 above the block of ties that straddles place k, (k − s)/(e − s) inside it, s and e the rows above and up to its end
 *
 * `score` n finite, high first; `order` n and `membership` n are overwritten.
 */
export function writeTopMembership(
  score: Float64Array,
  k: number,
  order: Uint32Array,
  membership: Float64Array,
): void {
  const n = score.length;
  for (let i = 0; i < n; i++) order[i] = i;
  order.sort((i, j) => score[j]! - score[i]!);
  for (let from = 0, to = 0; from < n; from = to) {
    while (to < n && score[order[to]!] === score[order[from]!]) to++;
    const share = Math.min(1, Math.max(0, (k - from) / (to - from)));
    for (let place = from; place < to; place++) membership[order[place]!] = share;
  }
}
