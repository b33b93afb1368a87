import { expect } from 'chai';
import { createPolytope } from '../../../math/polytope/polytope.ts';
import { samplePolytope } from '../../../math/polytope/sampling.ts';
import { randomStream } from '../../../math/random.ts';
import { placed, placeOn } from '../../../src/online/transfer/place-weights.ts';
import { shareRoots } from '../../../src/online/transfer/share-roots.ts';

const NAMES = ['a', 'b', 'c'];
const polytopeOf = (lower: number[], upper: number[], sum?: number) =>
  createPolytope({ names: NAMES, lower, upper, ...(sum !== undefined && { sum }) });
const SPREADS = [0.2, 0.1, 0.05];

describe('placeOn', () => {
  it('is the roots of shares on a whole simplex, to the bit', () => {
    const simplex = polytopeOf([0, 0, 0], [1, 1, 1], 1);
    const place = placeOn(simplex, SPREADS);
    for (const point of samplePolytope(simplex, 50, randomStream(1, 'place'))) {
      expect(place(point)).to.deep.equal(shareRoots(point, SPREADS));
    }
  });

  const shapes: readonly (readonly [string, ReturnType<typeof polytopeOf>])[] = [
    ['narrow ranges with a sum', polytopeOf([0.3, 0.3, 0.2], [0.4, 0.4, 0.4], 1)],
    ['narrow ranges without one', polytopeOf([0.9, 0.4, 1], [1.1, 0.5, 1.1])],
    ['ranges on both sides of 0', polytopeOf([-1, -0.5, 0.2], [1, 0, 0.4])],
  ];
  for (const [name, polytope] of shapes) {
    it(`fills a good part of the unit cube, and does not leave it: ${name}`, () => {
      const points = samplePolytope(polytope, 2000, randomStream(2, 'place', name));
      const X = placed(points, placeOn(polytope, SPREADS));
      expect(X).to.have.lengthOf(3 * points.length);
      for (let t = 0; t < 3; t++) {
        const column = X.filter((_, at) => at % 3 === t);
        expect(Math.min(...column)).to.be.at.least(-1e-12);
        expect(Math.max(...column)).to.be.at.most(1 + 1e-12);
        expect(Math.max(...column) - Math.min(...column)).to.be.above(0.3);
      }
    });
  }

  it('reaches 0 and 1 at corners of a box', () => {
    const box = polytopeOf([0.5, 1, 1], [1, 2, 3]);
    const place = placeOn(box, [1, 1, 1]);
    expect(place(Float64Array.of(1, 1, 1))[0]).to.be.closeTo(1, 1e-12);
    expect(place(Float64Array.of(0.5, 2, 3))[0]).to.be.closeTo(0, 1e-12);
  });

  it('leaves out what moves nothing', () => {
    const simplex = polytopeOf([0, 0, 0], [1, 1, 1], 1);
    const at = placeOn(simplex, [1, 0, 3])(Float64Array.of(0.5, 0.25, 0.25));
    expect(at).to.have.lengthOf(2);
    expect(at[0]! ** 2).to.be.closeTo(0.5 / 1.25, 1e-15);
  });
});
