/** The middle value, or the mean of the two; what is undefined counts as beyond every number. */
export function median(values: readonly (number | undefined)[]): number | undefined {
  const sorted = values.map((value) => value ?? Infinity).toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1]!;
  const middle = sorted.length % 2 === 1 ? upper : (sorted[(sorted.length >> 1) - 1]! + upper) / 2;
  return Number.isFinite(middle) ? middle : undefined;
}
