import { expect } from 'chai';
import * as fc from 'fast-check';
import { mergeArms, type ProposedArm } from '../../../src/online/arms/merge-arms.ts';

function arms(...names: readonly string[]): readonly ProposedArm[] {
  return names.map((name) => ({ name, kept: name === 'baseline' || name.startsWith('hand') }));
}

/** A symmetric matrix of these agreements by pair, 0 for the others. */
function agreements(count: number, pairs: readonly (readonly [number, number, number])[]): Float64Array {
  const matrix = Float64Array.from({ length: count * count }, (_, at) => (at % (count + 1) === 0 ? 1 : 0));
  for (const [i, j, agreement] of pairs) {
    matrix[i * count + j] = agreement;
    matrix[j * count + i] = agreement;
  }
  return matrix;
}

describe('mergeArms', () => {
  it('merges an arm into the one that it is most like', () => {
    const matrix = agreements(4, [
      [0, 3, 0.92],
      [1, 3, 0.97],
      [1, 2, 0.5],
    ]);
    expect(mergeArms(arms('baseline', 'a', 'b', 'c'), matrix, 0.9)).deep.equal({
      arms: ['baseline', 'a', 'b'],
      merged: [{ name: 'c', into: 'a', agreement: 0.97 }],
    });
    expect(mergeArms(arms('baseline', 'a', 'b', 'c'), matrix, 0.97).merged).deep.equal([]);
  });

  it('never drops the baseline or an arm chosen by hand, even alike ones, and merges earlier arms into them', () => {
    const matrix = agreements(3, [
      [0, 1, 0.95],
      [0, 2, 0.99],
      [1, 2, 0.96],
    ]);
    expect(mergeArms(arms('baseline', 'a', 'hand-1'), matrix, 0.9)).deep.equal({
      arms: ['baseline', 'hand-1'],
      merged: [{ name: 'a', into: 'hand-1', agreement: 0.96 }],
    });
  });

  it('merges nothing where nothing is known', () => {
    const matrix = agreements(2, [[0, 1, Number.NaN]]);
    expect(mergeArms(arms('baseline', 'a'), matrix, 0.5).arms).deep.equal(['baseline', 'a']);
  });

  it('leaves no two arms alike but kept ones, and merges each into one that stayed', () => {
    const agreement = fc.double({ min: -1, max: 1, noNaN: true });
    const proposal = fc.integer({ min: 1, max: 8 }).chain((count) =>
      fc.record({
        kept: fc.array(fc.boolean(), { minLength: count, maxLength: count }),
        entries: fc.array(agreement, { minLength: count * count, maxLength: count * count }),
      }),
    );
    fc.assert(
      fc.property(proposal, agreement, ({ kept, entries }, threshold) => {
        const count = kept.length;
        const proposed = kept.map((isKept, i) => ({ name: `arm-${i}`, kept: isKept }));
        const matrix = Float64Array.from(entries, (_, at) => {
          const i = Math.floor(at / count);
          const j = at % count;
          return entries[Math.min(i, j) * count + Math.max(i, j)]!;
        });
        const result = mergeArms(proposed, matrix, threshold);
        const index = (name: string): number => proposed.findIndex((arm) => arm.name === name);
        expect(result.arms.length + result.merged.length).equal(count);
        for (const { name, kept: isKept } of proposed) if (isKept) expect(result.arms).include(name);
        for (const { name, into, agreement } of result.merged) {
          expect(result.arms).include(into);
          expect(agreement)
            .equal(matrix[index(name) * count + index(into)])
            .above(threshold);
        }
        for (const one of result.arms) {
          for (const other of result.arms) {
            const [i, j] = [index(one), index(other)];
            if (i === j || (kept[i] && kept[j])) continue;
            expect(matrix[i * count + j]).at.most(threshold);
          }
        }
      }),
    );
  });

  it('refuses a matrix of another size', () => {
    expect(() => mergeArms(arms('a', 'b'), new Float64Array(3), 0.5)).throw(
      RangeError,
      '3 agreements of 2 arms',
    );
  });
});
