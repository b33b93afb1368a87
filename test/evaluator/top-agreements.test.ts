import { expect } from 'chai';
import * as fc from 'fast-check';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import type { Ordering } from '../../src/evaluator/utility.ts';
import { topAgreements } from '../../src/evaluator/top-agreements.ts';

/** Sums and roots of a few dozen terms. */
const ROUNDING = 1e-12;

interface Row {
  readonly a: number;
  readonly b: number;
  readonly weight: number;
}

function column(values: readonly number[]): Float64Array<SharedArrayBuffer> {
  const shared = new Float64Array(new SharedArrayBuffer(8 * values.length));
  shared.set(values);
  return shared;
}

/** A log of two heads with weights, of which only what ranks counts here. */
function logOf(requests: readonly (readonly Row[])[]): EngagementLog {
  const rows = requests.flat();
  const offsets = new Int32Array(new SharedArrayBuffer(4 * (requests.length + 1)));
  for (const [r, request] of requests.entries()) offsets[r + 1] = offsets[r]! + request.length;
  const heads = (['a', 'b'] as const).map((name) => ({
    name,
    sign: 1 as const,
    probability: column(rows.map((row) => row[name])),
  }));
  return {
    rows: rows.length,
    requests: requests.length,
    requestOffsets: offsets,
    heads,
    weight: column(rows.map(({ weight }) => weight)),
  } as unknown as EngagementLog;
}

/** τ-b over all pairs of the rows with fewer than k above them in one or the other. */
function naiveTau(a: readonly number[], b: readonly number[], k: number): number | undefined {
  const inTop = (values: readonly number[], i: number): boolean =>
    values.filter((value) => value > values[i]!).length < k;
  const top = [...a.keys()].filter((i) => inTop(a, i) || inTop(b, i));
  let difference = 0;
  let untiedInA = 0;
  let untiedInB = 0;
  for (const i of top) {
    for (const j of top) {
      if (j >= i) continue;
      const inA = Math.sign(a[i]! - a[j]!);
      const inB = Math.sign(b[i]! - b[j]!);
      difference += inA * inB;
      untiedInA += Math.abs(inA);
      untiedInB += Math.abs(inB);
    }
  }
  return untiedInA * untiedInB === 0 ? undefined : difference / Math.sqrt(untiedInA * untiedInB);
}

const byWeights = (a: number, b: number): Ordering => ({ weights: Float64Array.of(a, b) });
const score = fc.constantFrom(0, 0.25, 0.5, 0.75, 1);
const row = fc.record({ a: score, b: score, weight: fc.constantFrom(0, 0.5, 1, 2) });

describe('topAgreements', () => {
  it('is the weighted mean over requests of Kendall’s τ-b over what either has on top', () => {
    const requests = fc.array(fc.array(row, { minLength: 1, maxLength: 7 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 5 }), (log, k) => {
        const found = topAgreements(logOf(log), [byWeights(1, 0), byWeights(0, 1), byWeights(1, 1)], k);
        const utilities = [
          (each: Row) => each.a,
          (each: Row) => each.b,
          (each: Row) => each.a + each.b,
        ] as const;
        for (let i = 0; i < 3; i++) {
          expect(found[4 * i]).to.equal(1);
          for (let j = 0; j < i; j++) {
            expect(found[3 * i + j]).to.deep.equal(found[3 * j + i]);
            const of = log.flatMap((rows) => {
              const weight = rows.reduce((sum, each) => sum + each.weight, 0) / rows.length;
              const tau = naiveTau(rows.map(utilities[i]!), rows.map(utilities[j]!), k);
              return tau === undefined || weight === 0 ? [] : [{ tau, weight }];
            });
            const total = of.reduce((sum, { weight }) => sum + weight, 0);
            if (total === 0) expect(found[3 * i + j]).to.deep.equal(NaN);
            else {
              const expected = of.reduce((sum, { tau, weight }) => sum + tau * weight, 0) / total;
              expect(found[3 * i + j]).to.be.closeTo(expected, ROUNDING);
            }
          }
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('does not see what neither has on top', () => {
    const rows = [4, 3, 2, 1].map((a) => ({ a, b: a > 2 ? a : 3 - a, weight: 1 }));
    const orderings = [byWeights(1, 0), byWeights(0, 1)];
    expect(topAgreements(logOf([rows]), orderings, 2)[1]).to.equal(1);
    expect(topAgreements(logOf([rows]), orderings, 4)[1]).to.be.closeTo(4 / 6, ROUNDING);
  });

  it('refuses no place', () => {
    expect(() => topAgreements(logOf([]), [], 0)).to.throw(RangeError, 'the first 0 places');
  });
});
