/**
 * Digits of the largest weight after its leading one: 13 significant digits, where a double prints back 15 exactly, and
 * rounding moves no weight by more than 1e-12 of the largest.
 */
const DIGITS_AFTER_LEADING = 12;

/** Decimals that are multiples of 10^exponent, written as whole numbers of it. */
export interface DecimalGrid {
  readonly exponent: number;
}

/** The grid whose decimals resolve 1e-12 of a size: 10^(⌊log₁₀ size⌋ − 12), the logarithm read off the digits. */
export function decimalGrid(size: number): DecimalGrid {
  if (!(size > 0 && size < Infinity))
    throw new RangeError(`a decimal grid needs a positive size, got ${size}`);
  return { exponent: Number(size.toExponential().split('e')[1]) - DIGITS_AFTER_LEADING };
}

/** A number, as printed, in whole units of the grid; undefined when it has digits finer than the grid. */
export function exactUnits(value: number, { exponent }: DecimalGrid): bigint | undefined {
  const [mantissa, power] = value.toExponential().split('e');
  const [whole, fraction = ''] = mantissa!.split('.');
  const digits = BigInt(whole! + fraction);
  const shift = Number(power) - fraction.length - exponent;
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return digits % divisor === 0n ? digits / divisor : undefined;
}

/**
 * A number in units of the grid, with the rounding of one multiplication or division.
 *
 * The power of ten is read as a decimal, which is the nearest double everywhere: `10 ** 26` is not, and differs between
 * versions of Node.
 */
export function approximateUnits(value: number, { exponent }: DecimalGrid): number {
  const power = Number(`1e${Math.abs(exponent)}`);
  return exponent < 0 ? value * power : value / power;
}

/** The double nearest to a whole number of units. */
export function fromUnits(units: number, { exponent }: DecimalGrid): number {
  return Number(`${units}e${exponent}`);
}
