import { createPlaces, type Places } from './places.ts';
import { computes, transfers, uploads } from './route-rules.ts';

/** The requests that compute or wait to. */
export type LongWork = Places;

export function createLongWork(most: number): LongWork {
  const detail = `${most} requests compute or wait to: expected fewer at a time`;
  return createPlaces(most, computes, 'queue_full', detail);
}

/** The imports and exports, each of which takes its share of the database for as long as it lasts. */
export function createTransfers(most: number): Places {
  const detail = `${most} imports and exports run: expected fewer at a time`;
  return createPlaces(most, transfers, 'transfers_full', detail);
}

/** Readouts in files: each takes disk and, in the end, a process that reads it. */
export function createUploads(most: number): Places {
  const detail = `${most} files of readouts are received or read: expected fewer at a time`;
  return createPlaces(most, uploads, 'uploads_full', detail);
}
