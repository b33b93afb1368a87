import { InvalidArgumentError } from 'commander';
import { instantOf } from '../../domain/readout.ts';

const DAY_MS = 86_400_000;

/** Parses a day or a moment. */
export function momentOption(text: string): string {
  try {
    instantOf(text);
    return text;
  } catch {
    throw new InvalidArgumentError(
      'Expected a day such as 2026-03-01 or a moment such as 2026-03-01T09:30:00Z.',
    );
  }
}

/** So many days after a day or a moment, in its form. */
export function daysAfter(moment: string, days: number): string {
  const end = new Date(instantOf(moment) + days * DAY_MS).toISOString();
  return /^\d{4}-\d{2}-\d{2}$/.test(moment) && Number.isInteger(days) ? dayOf(end) : end;
}

/** The day, UTC, of a moment. */
export function dayOf(moment: string): string {
  return moment.slice(0, 10);
}
