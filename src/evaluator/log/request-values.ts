import { sharedFloat64, sharedInt32 } from './shared-columns.ts';

const FIRST_CAPACITY = 1 << 12;

/** One value a request, by the request's number: an array that doubles when there are more requests than it holds. */
export interface RequestValues<T extends Int32Array | Float64Array> {
  get(request: number): number;
  set(request: number, value: number): void;
  /** The values of the first `requests` requests, in shared memory. */
  toShared(requests: number): T;
}

/** Whose user each request is of: −1 until it is known. */
export function createUserOfRequest(): RequestValues<Int32Array<SharedArrayBuffer>> {
  return createRequestValues(sharedInt32, -1);
}

/** When each request was: later than any time until it is known. */
export function createTimestampOfRequest(): RequestValues<Float64Array<SharedArrayBuffer>> {
  return createRequestValues(sharedFloat64, Infinity);
}

function createRequestValues<T extends Int32Array | Float64Array>(
  allocate: (length: number) => T,
  unknown: number,
): RequestValues<T> {
  let values = allocate(FIRST_CAPACITY).fill(unknown);
  return {
    get: (request) => values[request] ?? unknown,
    set(request, value) {
      if (request >= values.length) {
        const wider = allocate(2 * Math.max(values.length, request)).fill(unknown);
        wider.set(values);
        values = wider;
      }
      values[request] = value;
    },
    toShared(requests) {
      const shared = allocate(requests);
      shared.set(values.subarray(0, requests));
      return shared;
    },
  };
}
