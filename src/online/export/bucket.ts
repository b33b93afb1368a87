/** How finely users are told apart: a hash ends in one of so many buckets. */
export const BUCKETS = 10_000;

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * FNV-1a of 32 bits over UTF-16 code units.
 *
 * h ← (h xor c)·16777619 mod 2³² for each code unit c, from 2166136261. Text beyond ASCII hashes as GrowthBook's JavaScript
 * hashes it; libraries that take its UTF-8 bytes differ there.
 *
 * Source: Fowler, Noll & Vo 1991; draft-eastlake-fnv.
 */
export function fnv1a32(text: string): number {
  let hash = OFFSET_BASIS;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash >>> 0;
}

/**
 * Where a user stands in [0, 1), a multiple of 1/10,000: GrowthBook's hash of version 2.
 *
 * n = (FNV(decimal(FNV(seed + id))) mod 10000)/10000
 *
 * The second hash breaks the likeness of hashes under two seeds, which with one correlates parallel experiments.
 * Source: GrowthBook, "Build your own SDK".
 */
export function bucketOf(seed: string, id: string): number {
  return (fnv1a32(String(fnv1a32(seed + id))) % BUCKETS) / BUCKETS;
}
