import { expect } from 'chai';
import * as fc from 'fast-check';
import { chiSquareSurvival } from '../../../math/chi-square.ts';
import { bucketOf, fnv1a32 } from '../../../src/online/export/bucket.ts';
import { armOf, bucketRanges, bucketWeights, rangeOf } from '../../../src/online/export/bucket-ranges.ts';
import { readGolden } from '../../golden/read-golden.ts';
import { ALLOCATION } from './allocation.ts';

interface GrowthBookCases {
  readonly hash: readonly (readonly [seed: string, value: string, bucket: number])[];
  readonly bucketRanges: readonly (readonly [
    title: string,
    input: readonly [variations: number, coverage: number, weights: readonly number[] | null],
    ranges: readonly (readonly [number, number])[],
  ])[];
  readonly chooseVariation: readonly (readonly [
    title: string,
    bucket: number,
    ranges: readonly (readonly [number, number])[],
    variation: number,
  ])[];
}

const cases = readGolden<GrowthBookCases>('growthbook-hash');

describe('buckets', () => {
  it('hash as FNV-1a is published', () => {
    expect(fnv1a32('')).equal(0x811c9dc5);
    expect(fnv1a32('a')).equal(0xe40c292c);
    expect(fnv1a32('foobar')).equal(0xbf9cf968);
  });

  it("agree with GrowthBook's published hashes of version 2", () => {
    expect(cases.hash).length(7);
    for (const [seed, value, bucket] of cases.hash) expect(bucketOf(seed, value)).equal(bucket);
  });

  it("agree with GrowthBook's published ranges", () => {
    for (const [title, [variations, coverage, weights], ranges] of cases.bucketRanges) {
      const equal = Array.from({ length: variations }, () => 1 / variations);
      bucketRanges(weights ?? equal, coverage).forEach(([start, end], i) => {
        // Published to the digits of the weights.
        expect(start, title).closeTo(ranges[i]![0], 1e-12);
        expect(end, title).closeTo(ranges[i]![1], 1e-12);
      });
    }
  });

  it("agree with GrowthBook's published choices", () => {
    for (const [title, bucket, ranges, variation] of cases.chooseVariation) {
      expect(rangeOf(bucket, ranges), title).equal(variation);
    }
  });

  it('keep every user in place while the coverage grows', () => {
    const coverage = fc.double({ min: 1e-3, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.string(), fc.string(), coverage, coverage, (seed, id, a, b) => {
        const less = armOf({ ...ALLOCATION, seed, coverage: Math.min(a, b) }, id);
        const more = armOf({ ...ALLOCATION, seed, coverage: Math.max(a, b) }, id);
        if (less !== undefined) expect(more).equal(less);
      }),
      { numRuns: 2000 },
    );
  });

  it('leave nobody out at full coverage', () => {
    const shares = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(shares, (parts) => {
        const arms = parts.map((share, i) => ({ name: `arm-${i}`, weights: null, share: share + 10 }));
        const ranges = bucketRanges(bucketWeights({ ...ALLOCATION, arms }), 1);
        for (let bucket = 0; bucket < 10_000; bucket += 7) {
          expect(rangeOf(bucket / 10_000, ranges), `bucket ${bucket}`).at.least(0);
        }
        expect(rangeOf(0.9999, ranges)).at.least(0);
      }),
    );
  });

  it('split users as the shares say, under two seeds independently', () => {
    const users = 60_000;
    const counts = new Float64Array(16);
    for (let user = 0; user < users; user++) {
      const one = armOf(ALLOCATION, `user-${user}`) ?? 3;
      const other = armOf({ ...ALLOCATION, seed: 'another' }, `user-${user}`) ?? 3;
      counts[one * 4 + other]! += 1;
    }
    const shares = [...bucketWeights(ALLOCATION).map((weight) => 0.6 * weight), 0.4];
    let statistic = 0;
    counts.forEach((count, cell) => {
      const expected = users * shares[cell >> 2]! * shares[cell & 3]!;
      statistic += (count - expected) ** 2 / expected;
    });
    expect(chiSquareSurvival(statistic, 15)).above(1e-4);
  });
});
