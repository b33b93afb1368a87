import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  type DiagramOptions,
  LOG_BINS_PER_DECADE,
  LOG_DECADES,
  reliabilityDiagram,
} from '../../src/evaluator/reliability-diagram.ts';

/** Sums of some dozen terms. */
const ROUNDING = 1e-12;

const row = fc.record({
  p: fc.constantFrom(0, 0.1, 0.2, 0.25, 0.4, 0.5, 0.75, 0.9, 1),
  y: fc.constantFrom(-1, 0, 1),
  w: fc.constantFrom(0, 0.5, 1, 2),
});

interface Row {
  readonly p: number;
  readonly y: number;
  readonly w: number;
}

function tableOf(rows: readonly Row[], options: DiagramOptions) {
  return reliabilityDiagram(
    Float64Array.from(rows, ({ p }) => p),
    Int8Array.from(rows, ({ y }) => y),
    options,
    Float64Array.from(rows, ({ w }) => w),
  );
}

/** Where the square of (share − truth) is z² of its variance under the truth: the ends of Wilson's interval, by bisection. */
function wilsonEnd(share: number, n: number, end: 0 | 1): number {
  let inside = share;
  let outside = end as number;
  const isInside = (truth: number) =>
    (share - truth) ** 2 <= (1.959963984540054 ** 2 * truth * (1 - truth)) / n;
  if (isInside(outside)) return outside;
  for (let i = 0; i < 60; i++) {
    const middle = (inside + outside) / 2;
    if (isInside(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}

describe('reliabilityDiagram', () => {
  for (const binning of ['uniform', 'quantile'] as const) {
    it(`sums each row with a label and a weight in one ${binning} bin, closed above`, () => {
      fc.assert(
        fc.property(fc.array(row, { maxLength: 30 }), fc.integer({ min: 1, max: 6 }), (rows, bins) => {
          const { bins: found } = tableOf(rows, { bins, binning, histogramBins: 4 });
          const counted = rows.filter(({ y, w }) => y >= 0 && w > 0);
          expect(found.reduce((sum, each) => sum + each.rows, 0)).to.equal(counted.length);
          expect(found.length).to.be.at.most(bins);
          for (const [b, bin] of found.entries()) {
            if (b > 0) expect(bin.lower).to.be.at.least(found[b - 1]!.upper);
            const isFirst = b === 0 && bin.lower === 0;
            const inside = counted.filter(
              ({ p }) => (p > bin.lower || (isFirst && p === 0)) && p <= bin.upper,
            );
            expect(inside.length).to.equal(bin.rows);
            const total = inside.reduce((sum, { w }) => sum + w, 0);
            const squares = inside.reduce((sum, { w }) => sum + w * w, 0);
            const share = inside.reduce((sum, { w, y }) => sum + w * y, 0) / total;
            expect(bin.observed).to.be.closeTo(share, ROUNDING);
            expect(bin.meanPredicted).to.be.closeTo(
              inside.reduce((sum, { w, p }) => sum + w * p, 0) / total,
              ROUNDING,
            );
            const n = total ** 2 / squares;
            expect(bin.low).to.be.closeTo(wilsonEnd(share, n, 0), 1e-9);
            expect(bin.high).to.be.closeTo(wilsonEnd(share, n, 1), 1e-9);
          }
        }),
        { numRuns: 200 },
      );
    });
  }

  it('has as many rows in each quantile bin as there can be', () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({ p: (i + 1) / 1000, y: i % 2, w: 1 }));
    const { bins } = tableOf(rows, { bins: 10, binning: 'quantile', histogramBins: 10 });
    expect(bins.map((bin) => bin.rows)).to.deep.equal(Array.from({ length: 10 }, () => 10));
    expect(bins.map(({ upper }) => upper)).to.deep.equal(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((tenth) => tenth / 100),
    );
  });

  it('counts all rows in the histogram, with a label or without', () => {
    const rows = [0, 0.1, 0.25, 0.3, 1].map((p) => ({ p, y: -1, w: 1 }));
    const { bins, histogram } = tableOf(rows, { bins: 3, binning: 'quantile', histogramBins: 4 });
    expect(bins).to.deep.equal([]);
    expect(histogram).to.deep.equal([3, 1, 0, 1]);
  });

  it('counts all rows from 1e-6 on by bins of a twentieth of a decade, closed above', () => {
    const p = [0, 1e-7, 1.05e-6, 0.001, 0.0011, 0.3, 1];
    const rows = p.map((each) => ({ p: each, y: 1, w: 1 }));
    const { logHistogram } = tableOf(rows, { bins: 3, binning: 'quantile', histogramBins: 4 });
    const ends = logHistogram.map((_, b) => 10 ** (-6 + (b + 1) / LOG_BINS_PER_DECADE));
    expect(logHistogram).to.have.length(LOG_DECADES * LOG_BINS_PER_DECADE);
    for (const [b, count] of logHistogram.entries()) {
      const [from, to] = [b === 0 ? 1e-6 : ends[b - 1]!, ends[b]!];
      // An end of the bins that is no power of two is an end up to rounding.
      const inside = p.filter((each) => each > from * (1 + 1e-12) && each <= to * (1 + 1e-12));
      expect(count, `up to ${to}`).to.equal(inside.length);
    }
  });

  it('refuses numbers of bins that are not whole and above 0', () => {
    expect(() => tableOf([], { bins: 0, binning: 'uniform', histogramBins: 4 })).to.throw(
      RangeError,
      '0 bins',
    );
    expect(() => tableOf([], { bins: 1, binning: 'uniform', histogramBins: 1.5 })).to.throw(
      RangeError,
      '1.5 bins',
    );
  });
});
