import type { Scope } from '../domain/api-key.ts';

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A router ignores slashes at the end of a path, so these do too. */
const VOIDS = /:void\/*$/;
/** A POST that stores nothing but its answer, under an Idempotency-Key. */
const ONLY_READS = /:(predict|plan)\/*$/;
const COMPUTES =
  /(:suggest|:predict|:report|:best|:pareto|\/model|experiments:plan|experiments:recommend|:analyse)\/*$/;
/** Its GET is a list. */
const COMPUTES_POSTED = /\/experiments\/*$/;

const UPLOADS = /\/readouts:import\/*$/;
const TRANSFERS = /\/trials:(import|export)\/*$/;

/** The scope that a request needs: `admin` for what takes something away, `write` for whatever else changes anything. */
export function scopeNeeded(method: string, path: string): Scope {
  if (method === 'DELETE' || VOIDS.test(path)) return 'admin';
  return READING.has(method) || ONLY_READS.test(path) ? 'read' : 'write';
}

/** Whether a request computes: fits models, chooses candidates or conditions processes. */
export function computes(path: string, method = 'GET'): boolean {
  return COMPUTES.test(path) || (method === 'POST' && COMPUTES_POSTED.test(path));
}

/** Whether a request sends a readout as a file. */
export function uploads(path: string, method = 'POST'): boolean {
  return method === 'POST' && UPLOADS.test(path);
}

/** Whether a request imports or exports trials. */
export function transfers(path: string): boolean {
  return TRANSFERS.test(path);
}
