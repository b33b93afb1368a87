import { expect } from 'chai';
import * as fc from 'fast-check';
import { BOUNDS_BY_KIND } from '../../../src/evaluator/histogram/bounds-by-kind.ts';
import { averagePrecisionBounds } from '../../../src/evaluator/histogram/average-precision-bounds.ts';
import { rocAucBounds } from '../../../src/evaluator/histogram/roc-auc-bounds.ts';
import { trapezoidBounds } from '../../../src/evaluator/histogram/trapezoid-bounds.ts';
import type { UtilityBins } from '../../../src/evaluator/histogram/utility-bins.ts';
import { addHistograms } from '../../../src/evaluator/histogram/utility-histogram.ts';
import { averagePrecision } from '../ranked-average-precision.ts';
import { prAucTrapezoid } from '../ranked-pr-auc-trapezoid.ts';
import { rocAuc } from '../ranked-roc-auc.ts';
import { randomStream } from '../../../math/random.ts';
import { type BinnedRow, binOf, histogramOf, ranked } from './binned-rows.ts';

/** Rounding of sums of some tens of terms of size 1. */
const ROUNDING = 1e-12;

const EXACT = {
  average_precision: averagePrecision,
  pr_auc_trapezoid: prAucTrapezoid,
  roc_auc: rocAuc,
} as const;

const BINS: UtilityBins = { lowest: -0.25, scale: 4, count: 5 };

/** Few levels and few bins, some levels beyond the ends, so that ties, mixed bins and empty ones are all common. */
const rows = fc.array(
  fc.record<BinnedRow>({
    utility: fc.oneof(
      fc.integer({ min: -8, max: 24 }).map((level) => level / 16),
      fc.double({ min: -1, max: 2, noNaN: true }),
    ),
    label: fc.constantFrom(0, 0, 1, -1),
    weight: fc.oneof(fc.constantFrom(0, 1, 1e-6, 1e6), fc.double({ min: 0.01, max: 10, noNaN: true })),
  }),
  { maxLength: 60 },
);

/** The rows of each bin, moved inside it: `place` 0 … 1 says where of the n-th positive or negative. */
const arranged = (
  given: readonly BinnedRow[],
  place: (label: number, n: number) => number,
): readonly BinnedRow[] => {
  const seen = new Map<string, number>();
  return given.map((row) => {
    const bin = binOf(BINS, row.utility);
    const n = seen.get(`${bin} ${row.label}`) ?? 0;
    seen.set(`${bin} ${row.label}`, n + 1);
    return { ...row, utility: BINS.lowest + (bin + 0.25 + 0.5 * place(row.label, n)) / BINS.scale };
  });
};

const oneByOne = (n: number): number => n / 1000;

describe('bounds of pooled metrics from a histogram', () => {
  for (const [kind, exact] of Object.entries(EXACT)) {
    for (const weighted of [false, true]) {
      it(`hold ${kind}${weighted ? ' of weighted rows' : ''}, with ties and missing labels`, () => {
        fc.assert(
          fc.property(rows, (given) => {
            const bounds = BOUNDS_BY_KIND[kind as keyof typeof EXACT]!(histogramOf(given, BINS, weighted));
            const { ranking, label, weight } = ranked(given);
            const value = exact(ranking, label, weighted ? weight : undefined);
            if (value === undefined) {
              expect(bounds).to.equal(undefined);
              return;
            }
            expect(value).to.be.within(bounds!.lower - ROUNDING, bounds!.upper + ROUNDING);
            expect(bounds!.centre).to.be.within(bounds!.lower, bounds!.upper);
          }),
          { numRuns: 2000 },
        );
      });
    }
  }

  const sharp = [
    ['average_precision', 'lower', (label: number, n: number) => (label === 1 ? oneByOne(n) : 1)],
    ['average_precision', 'upper', (label: number) => (label === 1 ? 1 : 0)],
    ['roc_auc', 'lower', (label: number) => (label === 1 ? 0 : 1)],
    ['roc_auc', 'upper', (label: number) => (label === 1 ? 1 : 0)],
    ['pr_auc_trapezoid', 'lower', (label: number) => (label === 1 ? 0 : 1)],
    ['pr_auc_trapezoid', 'upper', (label: number, n: number) => (label === 1 ? 0.5 + oneByOne(n) : 0)],
  ] as const;
  for (const [kind, side, place] of sharp) {
    it(`has a ${side} bound of ${kind} that some order of the rows attains`, () => {
      fc.assert(
        fc.property(rows, (given) => {
          const { ranking, label } = ranked(arranged(given, place));
          const value = EXACT[kind](ranking, label);
          const bounds = BOUNDS_BY_KIND[kind]!(histogramOf(given, BINS, false));
          if (value === undefined) return;
          expect(bounds![side]).to.be.closeTo(value, ROUNDING);
        }),
        { numRuns: 500 },
      );
    });
  }

  it('has an upper bound of average precision that positives first, one at a time, are below', () => {
    const given = [0, 1, 1, 1].map((label, i) => ({ utility: i === 0 ? 0.9 : 0.1, label, weight: 1 }));
    const apart = ranked(arranged(given, (label, n) => (label === 1 ? 0.5 + oneByOne(n) : 0)));
    const bounds = averagePrecisionBounds(histogramOf(given, BINS, false))!;
    expect(averagePrecision(apart.ranking, apart.label)).to.be.closeTo((1 / 2 + 2 / 3 + 3 / 4) / 3, 1e-15);
    expect(bounds.upper).to.equal(3 / 4);
  });

  it('agrees with values worked out by hand', () => {
    // From above: a bin of one positive and one negative, then one of two positives and one negative.
    const histogram = {
      bins: { lowest: 0, scale: 2, count: 2 },
      positive: Float64Array.of(2, 1),
      negative: Float64Array.of(1, 1),
      weighted: false,
    };
    const precision = averagePrecisionBounds(histogram)!;
    expect(precision.lower).to.be.closeTo((1 / 2 + 2 / 4 + 3 / 5) / 3, 1e-15);
    expect(precision.upper).to.be.closeTo((1 + 2 * (3 / 4)) / 3, 1e-15);
    const auc = rocAucBounds(histogram)!;
    expect(auc.lower).to.be.closeTo((1 * 0 + 1 * 1) / 6, 1e-15);
    expect(auc.centre).to.be.closeTo((0.5 + 2) / 6, 1e-15);
    expect(auc.upper).to.be.closeTo((1 + 3) / 6, 1e-15);
    const trapezoid = trapezoidBounds(histogram)!;
    expect(trapezoid.lower).to.be.closeTo(((0 + 1 / 2) / 2 + (2 * (1 / 3 + 3 / 5)) / 2) / 3, 1e-15);
    expect(trapezoid.upper).to.be.closeTo((1 + (1 / 2 + 2 / 3) / 2 + (2 / 3 + 3 / 4) / 2) / 3, 1e-15);
  });

  it('narrow to nothing where each bin is of one kind', () => {
    const given = [0.9, 0.6, 0.3].flatMap((utility, i) => [
      { utility, label: i % 2, weight: 1 },
      { utility, label: i % 2, weight: 1 },
    ]);
    const { ranking, label } = ranked(given);
    const { lower, centre, upper } = rocAucBounds(histogramOf(given, BINS, false))!;
    expect([lower, centre, upper]).to.deep.equal(Array(3).fill(rocAuc(ranking, label)));
  });

  it('narrow as bins grow in number, and their centres lie far nearer to the value than their ends', () => {
    const random = randomStream(1, 'bounds');
    const given = Array.from({ length: 20_000 }, (): BinnedRow => {
      const utility = 1 / (1 + Math.exp(2 - random.normal()));
      return { utility, label: Number(random.uniform() < utility), weight: 1 };
    });
    const { ranking, label } = ranked(given);
    const value = averagePrecision(ranking, label)!;
    const bounds = [16, 256, 4096].map((count) =>
      averagePrecisionBounds(histogramOf(given, { lowest: 0, scale: count, count }, false))!,
    );
    const widths = bounds.map(({ lower, upper }) => upper - lower);
    expect(widths[1]).to.be.below(widths[0]! / 10);
    expect(widths[2]).to.be.below(widths[1]! / 10);
    bounds.forEach(({ centre }, i) => expect(Math.abs(centre - value)).to.be.below(widths[i]! / 10));
  });
});

describe('adding histograms', () => {
  it('gives of shards what the whole gives, to the bit', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 5 }), (shards) => {
        const whole = histogramOf(shards.flat(), BINS, false);
        const added = shards.map((shard) => histogramOf(shard, BINS, false)).reduce(addHistograms);
        expect(added).to.deep.equal(whole);
      }),
    );
  });

  it('gives of weighted shards what the whole gives, up to rounding', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 5 }), (shards) => {
        const whole = histogramOf(shards.flat(), BINS, true);
        const added = shards.map((shard) => histogramOf(shard, BINS, true)).reduce(addHistograms);
        whole.negative.forEach((sum, bin) => expect(added.negative[bin]).to.be.closeTo(sum, ROUNDING * sum));
      }),
    );
  });

  it('refuses other bins', () => {
    const [a, b] = [BINS, { ...BINS, lowest: 0 }].map((bins) => histogramOf([], bins, false));
    expect(() => addHistograms(a!, b!)).to.throw(RangeError, 'different bins');
  });
});
