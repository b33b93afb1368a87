import { expect } from 'chai';
import * as fc from 'fast-check';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { kendallScratch, kendallTau } from '../../src/evaluator/kendall-tau.ts';
import { probabilitySpreads } from '../../src/evaluator/probability-spread.ts';
import { rankingAgreement } from '../../src/evaluator/ranking-agreement.ts';
import { topAgreement } from '../../src/evaluator/top-agreement.ts';
import { writeTopMembership } from '../../src/evaluator/top-membership.ts';
import { readGolden } from '../golden/read-golden.ts';

/** Sums and roots of a few dozen terms. */
const ROUNDING = 1e-12;

/** Over all pairs, from the definition. */
function naiveTau(a: readonly number[], b: readonly number[]): number | undefined {
  let difference = 0;
  let untiedInA = 0;
  let untiedInB = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const inA = Math.sign(a[i]! - a[j]!);
      const inB = Math.sign(b[i]! - b[j]!);
      difference += inA * inB;
      untiedInA += Math.abs(inA);
      untiedInB += Math.abs(inB);
    }
  }
  return untiedInA * untiedInB === 0 ? undefined : difference / Math.sqrt(untiedInA * untiedInB);
}

/** All orders of the rows in which no lower score stands before a higher one. */
function ordersOf(score: readonly number[]): readonly (readonly number[])[] {
  const extend = (rows: readonly number[]): readonly (readonly number[])[] => {
    if (rows.length === score.length) return [rows];
    const left = Array.from(score.keys()).filter((i) => !rows.includes(i));
    const best = Math.max(...left.map((i) => score[i]!));
    return left.filter((i) => score[i] === best).flatMap((i) => extend([...rows, i]));
  };
  return extend([]);
}

/** Rows that both have in the first k, the mean over all pairs of orders. */
function naiveOverlap(a: readonly number[], b: readonly number[], k: number): number {
  const tops = ordersOf(b).map((order) => new Set(order.slice(0, k)));
  const shares = ordersOf(a).flatMap((order) =>
    tops.map((top) => order.slice(0, k).filter((row) => top.has(row)).length / k),
  );
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function tau(a: readonly number[], b: readonly number[]): number | undefined {
  return kendallTau(Float64Array.from(a), Float64Array.from(b), kendallScratch(a.length + 1));
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
    baselineScore: column(rows.map(({ b }) => b)),
  } as unknown as EngagementLog;
}

interface Row {
  readonly a: number;
  readonly b: number;
  readonly weight: number;
}

interface Weighted {
  readonly value: number;
  readonly weight: number;
}

function weightedMean(values: readonly Weighted[]): number | null {
  if (values.length === 0) return null;
  const total = values.reduce((sum, { weight }) => sum + weight, 0);
  return values.reduce((sum, { value, weight }) => sum + weight * value, 0) / total;
}

const score = fc.constantFrom(0, 0.25, 0.5, 0.75, 1);
const row = fc.record({ a: score, b: score, weight: fc.constantFrom(0, 0.5, 1, 2) });

describe('kendallTau', () => {
  it('is that of scipy, with and without ties', () => {
    const { cases } = readGolden<{ cases: { a: number[]; b: number[]; tau: number }[] }>('kendall-tau');
    expect(cases).to.have.length(5);
    for (const { a, b, tau: expected } of cases) expect(tau(a, b)).to.be.closeTo(expected, ROUNDING);
  });

  it('is what its definition over all pairs says', () => {
    const both = fc.array(fc.tuple(score, fc.oneof(score, fc.double({ min: -1, max: 1, noNaN: true }))), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(both, (pairs) => {
        const a = pairs.map(([first]) => first);
        const b = pairs.map(([, second]) => second);
        const expected = naiveTau(a, b);
        if (expected === undefined) expect(tau(a, b)).to.equal(undefined);
        else expect(tau(a, b)).to.be.closeTo(expected, ROUNDING);
      }),
      { numRuns: 300 },
    );
  });
});

describe('writeTopMembership', () => {
  it('is the share of all orders of tied rows that put the row among the first k', () => {
    fc.assert(
      fc.property(
        fc.array(score, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 7 }),
        (scores, k) => {
          const membership = new Float64Array(scores.length);
          writeTopMembership(Float64Array.from(scores), k, new Uint32Array(scores.length), membership);
          const orders = ordersOf(scores);
          for (const i of scores.keys()) {
            const inTop = orders.filter((order) => order.slice(0, k).includes(i)).length;
            expect(membership[i]).to.be.closeTo(inTop / orders.length, ROUNDING);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('rankingAgreement', () => {
  it('is the weighted mean over requests of what two orderings have in common', () => {
    const requests = fc.array(fc.array(row, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 4 }), (log, k) => {
        const found = rankingAgreement(logOf(log), { weights: Float64Array.of(1, 0) }, 'baselineScore', k);
        const counted = log
          .map((rows) => ({
            a: rows.map(({ a }) => a),
            b: rows.map(({ b }) => b),
            weight: rows.reduce((sum, { weight }) => sum + weight, 0) / rows.length,
          }))
          .filter(({ weight }) => weight > 0);
        const taus = counted.flatMap(({ a, b, weight }) => {
          const value = naiveTau(a, b);
          return value === undefined ? [] : [{ value, weight }];
        });
        const overlaps = counted
          .filter(({ a }) => a.length > k)
          .map(({ a, b, weight }) => ({ value: naiveOverlap(a, b, k), weight }));
        expect([found.kendallRequests, found.overlapRequests]).to.deep.equal([taus.length, overlaps.length]);
        for (const [value, expected] of [
          [found.kendallTau, weightedMean(taus)],
          [found.overlap, weightedMean(overlaps)],
        ] as const) {
          if (expected === null) expect(value).to.equal(null);
          else expect(value).to.be.closeTo(expected, ROUNDING);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is complete for an ordering beside itself, and τ is −1 beside its reverse', () => {
    const rows = [0.1, 0.2, 0.3, 0.4].map((a) => ({ a, b: 1 - a, weight: 1 }));
    const log = logOf([rows]);
    const same = rankingAgreement(
      log,
      { weights: Float64Array.of(2, 0) },
      { weights: Float64Array.of(1, 0) },
      2,
    );
    expect([same.overlap, same.kendallTau]).to.deep.equal([1, 1]);
    const reverse = rankingAgreement(log, { weights: Float64Array.of(1, 0) }, 'baselineScore', 2);
    expect(reverse.overlap).to.equal(0);
    expect(reverse.kendallTau).to.be.closeTo(-1, ROUNDING);
  });

  it('refuses a cut-off that is no whole number above 0', () => {
    const log = logOf([[{ a: 0.1, b: 0.2, weight: 1 }]]);
    expect(() => rankingAgreement(log, 'baselineScore', 'baselineScore', 0)).to.throw(RangeError, 'first 0');
  });
});

describe('topAgreement', () => {
  const one = { weights: Float64Array.of(1, 0) };

  it('is the weighted mean of τ on the rows that some order of either puts among the first k', () => {
    const requests = fc.array(fc.array(row, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 4 }), (log, k) => {
        const taus = log.flatMap((rows) => {
          const weight = rows.reduce((sum, each) => sum + each.weight, 0) / rows.length;
          const tops = new Set(
            [rows.map(({ a }) => a), rows.map(({ b }) => b)].flatMap((scores) =>
              ordersOf(scores).flatMap((order) => order.slice(0, k)),
            ),
          );
          const seen = rows.filter((_, i) => tops.has(i));
          const value = naiveTau(
            seen.map(({ a }) => a),
            seen.map(({ b }) => b),
          );
          return value === undefined || weight === 0 ? [] : [{ value, weight }];
        });
        const found = topAgreement(logOf(log), one, 'baselineScore', k);
        const expected = weightedMean(taus);
        if (expected === null) expect(found).to.equal(undefined);
        else expect(found).to.be.closeTo(expected, ROUNDING);
      }),
      { numRuns: 100 },
    );
  });

  it('does not see what lies below the first k of both', () => {
    const rows = [0.9, 0.8, 0.3, 0.2, 0.1].map((a, i) => ({
      a,
      b: [0.9, 0.8, 0.1, 0.2, 0.3][i]!,
      weight: 1,
    }));
    expect(topAgreement(logOf([rows]), one, 'baselineScore', 2)).to.equal(1);
    expect(topAgreement(logOf([rows]), one, 'baselineScore', 5)).to.be.closeTo(0.4, ROUNDING);
  });

  it('refuses a cut-off that is no whole number above 0', () => {
    const log = logOf([[{ a: 0.1, b: 0.2, weight: 1 }]]);
    expect(() => topAgreement(log, one, 'baselineScore', 0.5)).to.throw(RangeError, 'first 0.5');
  });
});

describe('probabilitySpreads', () => {
  it('is the standard deviation of each head, a weight counting as so many rows', () => {
    const rows = [
      { a: 0.2, b: 0.5, weight: 1 },
      { a: 0.4, b: 0.5, weight: 2 },
      { a: 0.9, b: 0.5, weight: 0 },
    ];
    const [a, b] = probabilitySpreads(logOf([rows]));
    // Of 0.2, 0.4 and 0.4: mean 1/3, squared deviations 4/225, 1/225 and 1/225.
    expect(a).to.be.closeTo(Math.sqrt(2 / 225), ROUNDING);
    expect(b).to.equal(0);
  });
});
