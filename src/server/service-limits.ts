/** What the service takes upon itself, all of it settable when it is started. */
export interface ServiceLimits {
  /** Requests a second of one key, or of one address without keys, over ten seconds; 0 for any number. */
  readonly rate: number;
  /** Requests that compute or wait to, of all clients together. */
  readonly queue: number;
  /** Imports and exports at a time, of all clients together. */
  readonly transfers: number;
  /** How long a request may take from the arrival of its body on, seconds. */
  readonly deadline: number;
  /** Readouts in files that are received or read at a time, of all clients together. */
  readonly uploads: number;
  /** Bytes of such a file, as it is sent. */
  readonly uploadSize: number;
  /** Bytes of memory that reading one may take beside what Node takes. */
  readonly uploadMemory: number;
}

/** Sixty-four clients that ask at once wait for each other at most for the deadline. */
export const DEFAULT_LIMITS: ServiceLimits = {
  rate: 500,
  queue: 256,
  transfers: 8,
  deadline: 120,
  uploads: 2,
  uploadSize: 2 ** 30,
  uploadMemory: 1e9,
};
