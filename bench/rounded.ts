/** A figure as benchmarks print it, to four digits. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
