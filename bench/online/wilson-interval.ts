const Z = 1.959963984540054;

/** The 95 % interval of a share of which `count` of n were seen (Wilson 1927); [0, 1] where n is 0. */
export function wilsonInterval(count: number, n: number): readonly [number, number] {
  if (n === 0) return [0, 1];
  const share = count / n;
  const shrunk = 1 + (Z * Z) / n;
  const centre = (share + (Z * Z) / (2 * n)) / shrunk;
  const half = (Z / shrunk) * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
