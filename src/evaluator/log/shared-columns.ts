type Column = Float64Array | Int32Array | Int8Array;

/** Columns in shared memory, which worker threads receive without a copy. Pages that are never written take no memory. */
export function sharedFloat64(length: number): Float64Array<SharedArrayBuffer> {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}

export function sharedInt32(length: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

export function sharedInt8(length: number): Int8Array<SharedArrayBuffer> {
  return new Int8Array(new SharedArrayBuffer(length));
}

/** Writes the values whose `keep` is 1, of which there are `kept`, from `start` on. */
export function writeKept(
  target: Column,
  start: number,
  values: Float64Array | Int32Array | Int8Array,
  keep: Int8Array,
  kept: number,
): void {
  if (kept === keep.length) {
    target.set(values, start);
    return;
  }
  let at = start;
  for (let i = 0; i < keep.length; i++) if (keep[i] === 1) target[at++] = values[i]!;
}

/**
 * Moves the value of row i of each column to place[i], one column after another through a single spare one. Returns the
 * columns as long as `place`, in their order; the memory of those that were given is used again.
 */
export function moveRows<T extends Column>(
  columns: readonly T[],
  place: Int32Array,
  allocate: (length: number) => T,
): readonly T[] {
  const rows = place.length;
  if (columns.length === 0) return [];
  let spare = allocate(columns[0]!.length);
  return columns.map((column) => {
    const target = spare;
    for (let i = 0; i < rows; i++) target[place[i]!] = column[i]!;
    spare = column;
    return target.subarray(0, rows) as T;
  });
}
