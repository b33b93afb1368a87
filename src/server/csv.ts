/** What a field holds; null is nothing at all, which is not the empty text. */
export type CsvValue = string | number | null;

/**
 * One record of comma-separated values, its line break included.
 *
 * Text with a comma, a quote or a line break is quoted, quotes in it doubled; so is empty text, which null is not. Numbers have
 * the digits that give the same double again. Source: RFC 4180, section 2.
 */
export function csvRecord(values: readonly CsvValue[]): string {
  return `${values.map(fieldOf).join(',')}\r\n`;
}

function fieldOf(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
