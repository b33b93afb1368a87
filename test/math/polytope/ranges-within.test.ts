import { expect } from 'chai';
import { createPolytope } from '../../../math/polytope/polytope.ts';
import { rangesWithin } from '../../../math/polytope/ranges-within.ts';
import { randomStream } from '../../../math/random.ts';
import { simplexSpec } from './random-polytope.ts';

/** The search is random: it must come so near to the true range, as a share of its width, and may never exceed it. */
const SHORT_OF = 0.03;

function expectRanges(
  found: { readonly minimum: Float64Array; readonly maximum: Float64Array },
  minimum: readonly number[],
  maximum: readonly number[],
): void {
  for (const i of minimum.keys()) {
    const width = maximum[i]! - minimum[i]!;
    expect(found.minimum[i]!, `minimum ${i}`).to.be.within(
      minimum[i]! - 1e-9,
      minimum[i]! + SHORT_OF * width + 1e-9,
    );
    expect(found.maximum[i]!, `maximum ${i}`).to.be.within(
      maximum[i]! - SHORT_OF * width - 1e-9,
      maximum[i]! + 1e-9,
    );
  }
}

describe('rangesWithin', () => {
  it('are the ranges of a smaller simplex inside a simplex', () => {
    for (const d of [3, 5, 8]) {
      const lower = Array.from({ length: d }, (_, i) => 0.02 * (i + 1));
      const left = 1 - lower.reduce((sum, value) => sum + value, 0);
      const start = lower.map((value) => value + left / d);
      const polytope = createPolytope(simplexSpec(d));
      const isMember = (w: Float64Array): boolean => w.every((value, i) => value >= lower[i]!);
      const found = rangesWithin(polytope, isMember, start, randomStream(d, 'simplex'));
      expectRanges(
        found,
        lower,
        lower.map((value) => value + left),
      );
    }
  });

  it('are those of a thin ball cut by the hull, in closed form', () => {
    for (const d of [3, 5, 8]) {
      for (const radius of [0.01, 1e-5]) {
        const polytope = createPolytope(simplexSpec(d));
        const center = new Float64Array(d).fill(1 / d);
        const isMember = (w: Float64Array): boolean =>
          Math.hypot(...w.map((value, i) => value - center[i]!)) <= radius;
        // The largest component of a unit vector that adds up to 0 is √((d − 1)/d).
        const reach = radius * Math.sqrt((d - 1) / d);
        const found = rangesWithin(polytope, isMember, center, randomStream(d, 'ball'));
        expectRanges(
          found,
          [...center].map((value) => value - reach),
          [...center].map((value) => value + reach),
        );
      }
    }
  });

  it('are those of a needle that no axis follows', () => {
    const polytope = createPolytope(simplexSpec(4));
    const center = [0.3, 0.3, 0.2, 0.2];
    const along = [0.5, -0.5, 0.5, -0.5];
    const isMember = (w: Float64Array): boolean => {
      const offset = center.map((value, i) => w[i]! - value);
      const length = offset.reduce((sum, value, i) => sum + value * along[i]!, 0);
      const across = Math.hypot(...offset.map((value, i) => value - length * along[i]!));
      return (length / 0.2) ** 2 + (across / 0.002) ** 2 <= 1;
    };
    const found = rangesWithin(polytope, isMember, center, randomStream(1, 'needle'));
    const reach = Math.hypot(0.1, 0.002 * Math.sqrt(1 - 1 / 4 - 0.25));
    expectRanges(
      found,
      center.map((value) => value - reach),
      center.map((value) => value + reach),
    );
  });

  it('keeps what is fixed, and refuses a start outside the set', () => {
    const polytope = createPolytope({ ...simplexSpec(3), lower: [0.2, 0, 0], upper: [0.2, 1, 1] });
    const start = [0.2, 0.4, 0.4];
    const found = rangesWithin(polytope, (w) => w[1]! >= 0.3, start, randomStream(1, 'fixed'));
    expectRanges(found, [0.2, 0.3, 0], [0.2, 0.8, 0.5]);
    expect(found.members).to.be.within(1, found.asked);
    expect(() => rangesWithin(polytope, () => false, start, randomStream(1, 'none'))).to.throw(
      RangeError,
      'no member',
    );
  });
});
