import { expect } from 'chai';
import * as fc from 'fast-check';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import type { Ordering } from '../../src/evaluator/utility.ts';
import { topAgreement } from '../../src/evaluator/top-agreement.ts';

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

describe('topAgreement', () => {
  it('is the weighted mean over requests of Kendall’s τ-b over what either has on top', () => {
    const requests = fc.array(fc.array(row, { minLength: 1, maxLength: 7 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 5 }), (log, k) => {
        const found = topAgreement(logOf(log), byWeights(1, 0), byWeights(1, 1), k);
        const of = log.flatMap((rows) => {
          const weight = rows.reduce((sum, each) => sum + each.weight, 0) / rows.length;
          const tau = naiveTau(
            rows.map(({ a }) => a),
            rows.map(({ a, b }) => a + b),
            k,
          );
          return tau === undefined || weight === 0 ? [] : [{ tau, weight }];
        });
        const total = of.reduce((sum, { weight }) => sum + weight, 0);
        if (total === 0) expect(found).to.equal(undefined);
        else {
          const expected = of.reduce((sum, { tau, weight }) => sum + tau * weight, 0) / total;
          expect(found).to.be.closeTo(expected, ROUNDING);
        }
        expect(topAgreement(logOf(log), byWeights(1, 1), byWeights(1, 0), k)).to.equal(found);
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  it('does not see what neither has on top', () => {
    const rows = [4, 3, 2, 1].map((a) => ({ a, b: a > 2 ? a : 3 - a, weight: 1 }));
    const agreement = (k: number): number | undefined =>
      topAgreement(logOf([rows]), byWeights(1, 0), byWeights(0, 1), k);
    expect(agreement(2)).to.equal(1);
    expect(agreement(4)).to.be.closeTo(4 / 6, ROUNDING);
  });

  it('refuses no place', () => {
    expect(() => topAgreement(logOf([]), byWeights(1, 0), byWeights(0, 1), 0)).to.throw(
      RangeError,
      'the first 0 places',
    );
  });
});
