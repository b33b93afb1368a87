const Z = 1.959963984540054;

export type Interval = readonly [number, number];

/** The 95 % interval of a share of which `count` of n were seen (Wilson 1927); [0, 1] where n is 0. */
export function shareInterval(count: number, n: number): Interval {
  if (n === 0) return [0, 1];
  const share = count / n;
  const shrunk = 1 + (Z * Z) / n;
  const centre = (share + (Z * Z) / (2 * n)) / shrunk;
  const half = (Z / shrunk) * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/**
 * The 95 % interval of a median between order statistics: so many of n values lie below it as of n tosses fall heads,
 * n/2 ± z√n/2. All values where there are fewer than six.
 */
export function medianInterval(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const half = (Z * Math.sqrt(n)) / 2;
  const low = Math.max(0, Math.floor(n / 2 - half));
  const high = Math.min(n - 1, Math.ceil(n / 2 + half));
  return [sorted[low]!, sorted[high]!];
}

/** Mean and its 95 % interval, mean ± z·s/√n; of one value the interval is all numbers. */
export function meanInterval(values: readonly number[]): {
  readonly mean: number;
  readonly interval: Interval;
} {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean, interval: [-Infinity, Infinity] };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = Z * Math.sqrt(variance / n);
  return { mean, interval: [mean - half, mean + half] };
}
