/** 32 bits from a seed and two numbers, without a pattern in any of them; a function of its arguments alone. */
export function unitHash(seed: number, unit: number, stream: number): number {
  return hashInStream(unitState(seed, unit), stream);
}

/** What `hashInStream` needs to know of a seed and a unit. */
export function unitState(seed: number, unit: number): number {
  return mix(mix(seed >>> 0) ^ unit);
}

export function hashInStream(state: number, stream: number): number {
  return mix(state ^ Math.imul(stream, 0x9e3779b9));
}

/** A bijection of 32 bits that leaves no pattern of its argument: Murmur3's finalizer, with another round of its kind. */
function mix(value: number): number {
  let h = (value + 0x9e3779b9) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}
