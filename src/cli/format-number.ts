const SIGNIFICANT_DIGITS = 6;

/** Six significant digits, in plain notation where that is short. */
export function formatNumber(value: number): string {
  const text = value.toPrecision(SIGNIFICANT_DIGITS);
  return text.includes('e') ? Number(text).toExponential() : text;
}

/** A share as a signed percentage with two decimals. */
export function formatPercent(share: number): string {
  return `${share < 0 ? '-' : '+'}${Math.abs(100 * share).toFixed(2)} %`;
}
