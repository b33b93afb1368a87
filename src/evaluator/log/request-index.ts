const FIRST_CAPACITY = 1 << 12;

/** Numbers requests 0, 1, 2, … in the order in which their keys first appear. */
export interface RequestIndex {
  readonly size: number;
  /** The number of the request whose key is low[2i], low[2i + 1] and, with four words, high[2i], high[2i + 1]. */
  numberOf(low: Int32Array, high: Int32Array, i: number): number;
}

/**
 * An open-addressing hash table over typed arrays, at most half full, linear probing. Exact: keys are compared, not hashes.
 * A Map of 64-bit integers or of strings costs an object for every row.
 */
export function createRequestIndex(): RequestIndex {
  let capacity = FIRST_CAPACITY;
  let slots = new Int32Array(capacity);
  let keys = new Int32Array((capacity / 2) * 4);
  let size = 0;
  let last = -1;

  const isKey = (request: number, a: number, b: number, c: number, d: number): boolean =>
    keys[4 * request] === a &&
    keys[4 * request + 1] === b &&
    keys[4 * request + 2] === c &&
    keys[4 * request + 3] === d;

  const grow = (): void => {
    capacity *= 2;
    slots = new Int32Array(capacity);
    const wider = new Int32Array((capacity / 2) * 4);
    wider.set(keys);
    keys = wider;
    for (let request = 0; request < size; request++) {
      const at = 4 * request;
      let slot = hash(keys[at]!, keys[at + 1]!, keys[at + 2]!, keys[at + 3]!) & (capacity - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (capacity - 1);
      slots[slot] = request + 1;
    }
  };

  return {
    get size() {
      return size;
    },
    numberOf(low, high, i) {
      const a = low[2 * i]!;
      const b = low[2 * i + 1]!;
      const c = high[2 * i]!;
      const d = high[2 * i + 1]!;
      if (last >= 0 && isKey(last, a, b, c, d)) return last;
      let slot = hash(a, b, c, d) & (capacity - 1);
      for (; slots[slot] !== 0; slot = (slot + 1) & (capacity - 1)) {
        last = slots[slot]! - 1;
        if (isKey(last, a, b, c, d)) return last;
      }
      last = size++;
      slots[slot] = size;
      keys[4 * last] = a;
      keys[4 * last + 1] = b;
      keys[4 * last + 2] = c;
      keys[4 * last + 3] = d;
      if (2 * size >= capacity) grow();
      return last;
    },
  };
}

/** The mixer of murmur3 over four words. */
function hash(a: number, b: number, c: number, d: number): number {
  let h = Math.imul(a, 0xcc9e2d51) ^ Math.imul(b, 0x1b873593);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b) ^ c;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) ^ d;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
