import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  type BoxDecomposition,
  decomposeNonDominated,
} from '../../../acquisition/hypervolume/box-decomposition.ts';
import { dominates, nonDominated, type Outcome } from '../../../acquisition/hypervolume/dominance.ts';
import { hypervolume } from '../../../acquisition/hypervolume/hypervolume.ts';
import { inferReferencePoint } from '../../../acquisition/hypervolume/reference-point.ts';

/** Few values, so that ties and points below the reference, 0, are common. */
const coordinate = fc.integer({ min: -1, max: 6 });
const fronts = (most: number) =>
  fc
    .integer({ min: 1, max: 4 })
    .chain((m) =>
      fc.array(fc.array(coordinate, { minLength: m, maxLength: m }), { minLength: 1, maxLength: most }),
    );

const originOf = (points: readonly Outcome[]): Outcome => points[0]!.map(() => 0);

/** Σ over subsets of (−1)^{|S|+1} times the volume that all of S dominate. */
function inclusionExclusion(points: readonly Outcome[], reference: Outcome): number {
  let total = 0;
  for (let subset = 1; subset < 2 ** points.length; subset++) {
    const chosen = points.filter((_, i) => (subset >> i) & 1);
    const shared = reference.map((r, i) => Math.max(0, Math.min(...chosen.map((p) => p[i]!)) - r));
    total += (chosen.length % 2 === 1 ? 1 : -1) * shared.reduce((product, side) => product * side, 1);
  }
  return total;
}

/** Of the boxes, as far as they lie below a corner. */
function volumeBelow({ size, levels, lower, upper }: BoxDecomposition, corner: Outcome): number {
  let total = 0;
  for (let b = 0; b < size; b++) {
    total += corner.reduce((product, most, i) => {
      const at = b * levels.length + i;
      const from = levels[i]![lower[at]!]!;
      return product * Math.max(0, Math.min(most, levels[i]![upper[at]!]!) - from);
    }, 1);
  }
  return total;
}

describe('nonDominated', () => {
  it('keeps equal points, and drops those that another is as good as everywhere and better somewhere', () => {
    const points = [
      [1, 3],
      [2, 2],
      [1, 3],
      [1, 2],
      [0, 4],
    ];
    expect(nonDominated(points)).to.deep.equal([0, 1, 2, 4]);
    expect(dominates([1, 3], [1, 3])).to.equal(false);
    expect(nonDominated([])).to.deep.equal([]);
  });

  it('refuses points of different lengths', () => {
    expect(() => nonDominated([[1, 2], [1]])).to.throw(RangeError, 'expected 2 objectives, got 1');
  });
});

describe('hypervolume', () => {
  it('is that of the unions of boxes known by hand', () => {
    expect(hypervolume([], [0, 0])).to.equal(0);
    expect(hypervolume([[2, 3]], [1, 1])).to.equal(2);
    expect(hypervolume([[1, 3], [2, 2], [3, 1]], [0, 0])).to.equal(6); // prettier-ignore
    expect(hypervolume([[1, 1, 2], [1, 2, 1], [2, 1, 1]], [0, 0, 0])).to.equal(4); // prettier-ignore
    expect(hypervolume([[1, 1, 1, 2], [2, 1, 1, 1]], [0, 0, 0, 0])).to.equal(3); // prettier-ignore
  });

  it('is what inclusion and exclusion give, for one to four objectives', () => {
    fc.assert(
      fc.property(fronts(7), (points) => {
        expect(hypervolume(points, originOf(points))).to.equal(inclusionExclusion(points, originOf(points)));
      }),
      { numRuns: 300 },
    );
  });

  it('refuses points of another length than the reference, and such as are not finite', () => {
    expect(() => hypervolume([[1, 2, 3]], [0, 0])).to.throw(RangeError, 'expected 2 objectives, got 3');
    expect(() => hypervolume([[1, NaN]], [0, 0])).to.throw(RangeError, 'not a finite point');
    expect(() => decomposeNonDominated([[1]], [0, 0])).to.throw(RangeError, 'expected 2 objectives, got 1');
  });
});

describe('decomposeNonDominated', () => {
  it('has below any corner the volume that the front leaves', () => {
    fc.assert(
      fc.property(
        fronts(12),
        fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 4, maxLength: 4 }),
        (points, corners) => {
          const reference = originOf(points);
          const corner = corners.slice(0, reference.length);
          const boxes = decomposeNonDominated(points, reference);
          const clipped = points.map((point) => point.map((value, i) => Math.min(value, corner[i]!)));
          const whole = corner.reduce((product, side) => product * side, 1);
          expect(volumeBelow(boxes, corner)).to.equal(whole - hypervolume(clipped, reference));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('covers each point that is not dominated by one box, and no dominated one', () => {
    fc.assert(
      fc.property(
        fronts(12),
        fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 4, maxLength: 4 }),
        (points, at) => {
          const { size, levels, lower, upper } = decomposeNonDominated(points, originOf(points));
          const m = levels.length;
          const z = at.slice(0, m).map((value) => value + 0.5);
          const covering = Array.from({ length: size }, (_, b) => b).filter((b) =>
            z.every(
              (value, i) => levels[i]![lower[b * m + i]!]! < value && value < levels[i]![upper[b * m + i]!]!,
            ),
          );
          const dominated = points.some((point) => point.every((value, i) => value >= z[i]!));
          expect(covering).to.have.length(dominated ? 0 : 1);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('has n + 1 boxes of two objectives, and at most 2n + 1 of three', () => {
    const angles = Array.from({ length: 12 }, (_, i) => (i + 1) / 14);
    const circle = angles.map((t) => [Math.cos(t), Math.sin(t)]);
    expect(decomposeNonDominated(circle, [0, 0]).size).to.equal(13);
    const sphere = angles.map((t, i) => {
      const s = ((i * 5) % 12) / 13 + 0.04;
      return [Math.cos(t) * Math.cos(s), Math.cos(t) * Math.sin(s), Math.sin(t)];
    });
    expect(nonDominated(sphere)).to.have.length(12);
    expect(decomposeNonDominated(sphere, [0, 0, 0]).size).to.be.at.most(25);
  });
});

describe('inferReferencePoint', () => {
  it('lies a tenth of the range of all points below the worst values of the front', () => {
    const front = [
      [0, 5],
      [10, 3],
    ];
    const [first, second] = inferReferencePoint(front, [...front, [-5, -7]]);
    expect(first).to.be.closeTo(-1.5, 1e-12);
    expect(second).to.be.closeTo(1.8, 1e-12);
  });

  it('is that of all points where there is no front, and needs no range', () => {
    const points = [
      [2, 4],
      [1, 4],
    ];
    expect(inferReferencePoint([points[0]!], points)).to.deep.equal([1.9, 3.6]);
    expect(inferReferencePoint([], points)).to.deep.equal([0.9, 3.6]);
    expect(inferReferencePoint([[0]], [[0]])).to.deep.equal([-0.1]);
    expect(() => inferReferencePoint([], [])).to.throw(RangeError, 'got 0');
  });
});
