import { totalmem } from 'node:os';
import { DomainError } from '../../domain/errors.ts';
import type { WantedColumns } from './log-columns.ts';

/** Share of the machine's memory that a log may take where nobody says how much. */
const DEFAULT_SHARE = 0.5;

/** What Node and DuckDB take by themselves while they read: measured, and rounded up. */
const OWN_BYTES = 400e6;

/** For the requests of a row: offsets, and the table that tells them apart, for one request in six rows. */
const REQUEST_BYTES_PER_ROW = 8;

/** The number of each row's request, and one spare column of float64. */
const READING_BYTES_PER_ROW = 4 + 8;

/** A sorted copy of a head's scores, weights and positives of each, and labels without those of a hold-out; one head at a time. */
const ISOTONIC_BYTES_PER_ROW = 8 + 8 + 8 + 1;

/** Bytes that a log may take while it is read: half of the memory of the machine, or of its container. */
export function defaultMemoryBudget(): number {
  const constrained = process.constrainedMemory();
  const machine = totalmem();
  return DEFAULT_SHARE * (constrained > 0 ? Math.min(constrained, machine) : machine);
}

/** Bytes a row that `EngagementLog` holds. */
export function bytesPerRow({ heads, numbers, segment }: WantedColumns): number {
  let bytes = segment === undefined ? 0 : 1;
  for (const { label } of heads) bytes += label.maxGrade > 1 ? 10 : 9;
  for (const { role } of numbers) bytes += role === 'position' ? 4 : 8;
  return bytes;
}

/** Bytes that reading a log takes at its peak. */
export function readingMemory(rows: number, wanted: WantedColumns): number {
  const isFitted = wanted.heads.some(({ head }) => head.calibration === 'isotonic');
  const reading = Math.max(READING_BYTES_PER_ROW, isFitted ? ISOTONIC_BYTES_PER_ROW : 0);
  return OWN_BYTES + rows * (bytesPerRow(wanted) + reading + REQUEST_BYTES_PER_ROW);
}

/** A log that would take more memory than it may. */
export class LogTooLargeError extends DomainError {}

/** Bytes that what follows takes besides a log of so many rows, each of so many bytes. */
export type FurtherMemory = (rows: number, bytesPerRow: number) => number;

/** Refuses a log that would take more memory than it may, to read or for what follows. Throws `LogTooLargeError`. */
export function checkMemory(
  rows: number,
  wanted: WantedColumns,
  further: FurtherMemory | undefined,
  budget: number,
  file: string,
): void {
  const reading = readingMemory(rows, wanted);
  const row = bytesPerRow(wanted);
  const later = further === undefined ? 0 : OWN_BYTES + rows * row + further(rows, row);
  const needed = Math.max(reading, later);
  if (needed <= budget) return;
  const what = later > reading ? 'evaluating' : 'reading';
  throw new LogTooLargeError(
    'log_unreadable',
    `${what} ${rows.toLocaleString('en-GB')} impressions takes about ${memoryText(needed)} of memory, and ` +
      `${memoryText(budget)} are allowed: expected a smaller log, such as a sample of its requests, or more memory (--memory)`,
    { file },
  );
}

/** Bytes for a person, in megabytes below a tenth of a gigabyte. */
export function memoryText(bytes: number): string {
  return bytes < 1e8 ? `${Number((bytes / 1e6).toPrecision(3))} MB` : `${(bytes / 1e9).toPrecision(3)} GB`;
}
