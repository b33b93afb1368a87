import { expect } from 'chai';
import { contains, createPolytope } from '../../../math/polytope/polytope.ts';
import { randomStep } from '../../../math/polytope/random-step.ts';
import { samplePolytope } from '../../../math/polytope/sampling.ts';
import { randomStream } from '../../../math/random.ts';

const names = ['a', 'b', 'c'];
const SIMPLEX = createPolytope({ names, lower: [0, 0, 0], upper: [1, 1, 1], sum: 1 });

describe('randomStep', () => {
  it('has the size that is asked, in the plane of the sum', () => {
    const random = randomStream(1, 'steps');
    const centre = Float64Array.of(1 / 3, 1 / 3, 1 / 3);
    let squares = 0;
    const steps = 4000;
    for (let i = 0; i < steps; i++) {
      const to = randomStep(SIMPLEX, centre, 0.02, random);
      squares += to.reduce((sum, value, k) => sum + (value - centre[k]!) ** 2, 0);
    }
    // Two dimensions of variance 0.02²: their sum of squares is 0.02² χ²(2), of mean and deviation 2·0.02².
    const expected = 2 * 0.02 ** 2;
    expect(Math.abs(squares / steps - expected)).to.be.below((4.5 * expected) / Math.sqrt(steps));
  });

  const shapes = {
    'a simplex': SIMPLEX,
    'a simplex above lower bounds': createPolytope({ names, lower: [0.1, 0, 0.2], upper: [1, 1, 1], sum: 1 }),
    'a simplex cut by ranges': createPolytope({
      names,
      lower: [0.1, 0.2, 0],
      upper: [0.4, 0.5, 0.6],
      sum: 1,
    }),
    'a box with a fixed weight': createPolytope({ names, lower: [-1, 0.5, 10], upper: [1, 0.5, 30] }),
    'a box cut by an inequality': createPolytope({
      names,
      lower: [0, 0, 0],
      upper: [1, 1, 1],
      inequalities: [{ label: 'a + b <= 0.8', coefficients: [1, 1, 0], bound: 0.8 }],
    }),
  };
  for (const [name, polytope] of Object.entries(shapes)) {
    it(`stays within ${name}, and moves every weight that can`, () => {
      const random = randomStream(2, 'steps', name);
      const moved = new Float64Array(3);
      for (const from of samplePolytope(polytope, 200, random)) {
        const to = randomStep(polytope, from, 0.3, random);
        expect(contains(polytope, to), to.join()).to.equal(true);
        to.forEach((value, k) => (moved[k]! += Math.abs(value - from[k]!)));
      }
      moved.forEach((distance, k) => {
        const width = polytope.maximum[k]! - polytope.minimum[k]!;
        // Steps that boundaries do not shorten have a mean size of 0.3·√(2/π) of the width.
        if (width > 0) expect(distance / 200 / width).to.be.within(0.08, 0.3);
        else expect(distance).to.equal(0);
      });
    });
  }
});
