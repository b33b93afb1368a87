import { expect } from 'chai';
import * as fc from 'fast-check';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { randomStream } from '../../math/random.ts';
import { partitionsFor } from '../../src/evaluator/pooled/partition-map.ts';
import { rankPooled } from '../../src/evaluator/rank-pooled.ts';
import { rankWithinRequests } from '../../src/evaluator/rank-within-requests.ts';

const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(
    0,
    -0,
    0.5,
    -0.5,
    Number.MIN_VALUE,
    -Number.MIN_VALUE,
    Number.MAX_VALUE,
    1 + Number.EPSILON,
    1,
  ),
);

/** Stable, by Array.prototype.sort. */
function expectedOrder(utility: readonly number[], from: number, to: number): number[] {
  const rows = Array.from({ length: to - from }, (_, i) => from + i);
  return rows.sort((a, b) => utility[b]! - utility[a]! || 0);
}

function expectedTies(utility: readonly number[], order: readonly number[]): number[] {
  return order.map((row, i) => (i > 0 && utility[row] === utility[order[i - 1]!] ? 1 : 0));
}

describe('rankings', () => {
  it('a pooled ranking is the stable descending sort of any finite doubles, −0 tied with +0', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 80 }), (utility) => {
        const log = { rows: utility.length, requestOffsets: Int32Array.of(0, utility.length) };
        const { order, tied } = rankPooled(Float64Array.from(utility), createEvaluationScratch(log));
        const expected = [...utility.keys()].sort((a, b) =>
          utility[a]! < utility[b]! ? 1 : utility[a]! > utility[b]! ? -1 : a - b,
        );
        expect(Array.from(order)).to.deep.equal(expected);
        expect(Array.from(tied)).to.deep.equal(expectedTies(utility, expected));
      }),
      { numRuns: 300 },
    );
  });

  const ROWS = 150_000;
  const SHAPES: Readonly<Record<string, (uniform: () => number) => number>> = {
    uniform: (uniform) => uniform() - 0.5,
    skewed: (uniform) => uniform() ** 40,
    'over 600 orders of magnitude': (uniform) => 10 ** (600 * uniform() - 300),
    'a narrow cluster beside an outlier': (uniform) => (uniform() < 1e-4 ? 1e12 : 1 + 1e-12 * uniform()),
    'mostly one value': (uniform) => (uniform() < 0.999 ? 0.25 : uniform()),
    'ten values, zeros of both signs': (uniform) => Math.round(10 * uniform() - 5) / 10,
    'denormals of both signs': (uniform) => Math.floor(1000 * uniform() - 500) * Number.MIN_VALUE,
  };
  for (const [shape, draw] of Object.entries(SHAPES)) {
    it(`a pooled ranking of ${ROWS} rows in ${partitionsFor(ROWS)} partitions is that sort, too: ${shape}`, () => {
      const stream = randomStream(3, shape);
      const utility = Float64Array.from({ length: ROWS }, () => draw(() => stream.uniform()));
      const log = { rows: ROWS, requestOffsets: Int32Array.of(0, ROWS) };
      const { order, tied } = rankPooled(utility, createEvaluationScratch(log));
      const expected = Uint32Array.from(utility.keys()).sort((a, b) => utility[b]! - utility[a]! || a - b);
      const mistakes = order.filter((row, i) => {
        const tie = i > 0 && utility[row] === utility[expected[i - 1]!] ? 1 : 0;
        return row !== expected[i] || tied[i] !== tie;
      });
      expect(mistakes.length).to.equal(0);
    });
  }

  it('a ranking within requests sorts each request alone, short and long ones', () => {
    const request = fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 6 }), (requests) => {
        const utility = requests.flat();
        const requestOffsets = Int32Array.from([
          0,
          ...requests.map((_, r) => requests.slice(0, r + 1).flat().length),
        ]);
        const scratch = createEvaluationScratch({ rows: utility.length, requestOffsets });
        const { order, tied } = rankWithinRequests(Float64Array.from(utility), requestOffsets, scratch);
        requests.forEach((_, r) => {
          const [from, to] = [requestOffsets[r]!, requestOffsets[r + 1]!];
          const expected = expectedOrder(utility, from, to);
          expect(Array.from(order.subarray(from, to))).to.deep.equal(expected);
          expect(Array.from(tied.subarray(from, to))).to.deep.equal(expectedTies(utility, expected));
        });
      }),
      { numRuns: 200 },
    );
  });
});
