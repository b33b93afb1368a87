import { InvalidArgumentError } from 'commander';

const DAY_MS = 86_400_000;

/** A form of ISO 8601; the schema of what it goes into looks at it again. */
const FORM = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** Parses a day or a moment. */
export function momentOption(text: string): string {
  const day = Date.parse(dayOf(text));
  const exists = FORM.test(text) && !Number.isNaN(Date.parse(text));
  // 30 February is taken for 2 March.
  if (exists && new Date(day).toISOString().startsWith(dayOf(text))) return text;
  throw new InvalidArgumentError(
    'Expected a day such as 2026-03-01 or a moment such as 2026-03-01T09:30:00Z.',
  );
}

/** So many days after a day or a moment, in its form. */
export function daysAfter(moment: string, days: number): string {
  const end = new Date(Date.parse(moment) + days * DAY_MS).toISOString();
  return /^\d{4}-\d{2}-\d{2}$/.test(moment) && Number.isInteger(days) ? dayOf(end) : end;
}

/** The day, UTC, of a moment. */
export function dayOf(moment: string): string {
  return moment.slice(0, 10);
}
