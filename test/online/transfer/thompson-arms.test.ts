import { expect } from 'chai';
import { randomStream } from '../../../math/random.ts';
import { thompsonArms } from '../../../src/online/transfer/thompson-arms.ts';

const GUARDRAILS = [{ metric: 1, relation: '>=', bound: 0 }] as const;

describe('thompsonArms', () => {
  it('takes the best feasible candidate of each draw in turn, each once', () => {
    // Points: one tested, then three candidates. Draws: the second is best, then the last, but it fails; then the third.
    const samples = {
      count: 4,
      points: 4,
      metrics: [
        Float64Array.of(9, 3, 2, 1, 9, 2, 1, 3, 9, 3, 2, 1, 9, 1, 3, 2),
        Float64Array.of(1, 1, 1, 1, 1, -1, 1, -1, 1, 1, 1, 1, 1, 1, -1, -1),
      ],
    };
    expect(thompsonArms(samples, 0, GUARDRAILS, 1, 3)).to.deep.equal([1, 2]);
    expect(thompsonArms(samples, 0, GUARDRAILS, 1, 1)).to.deep.equal([1]);
  });

  it('names a candidate first as often as it is the best one', () => {
    const random = randomStream(3, 'thompson');
    const repeats = 3000;
    let firsts = 0;
    for (let i = 0; i < repeats; i++) {
      // The second is better than the first with probability Φ(1/√2) = 0.76025.
      const draws = Float64Array.of(random.normal(), 1 + random.normal());
      const [first] = thompsonArms({ count: 1, points: 2, metrics: [draws] }, 0, [], 0, 1);
      firsts += first!;
    }
    const expected = 0.76025;
    const error = Math.sqrt((expected * (1 - expected)) / repeats);
    expect(Math.abs(firsts / repeats - expected)).to.be.below(4 * error);
  });

  it('names none where no draw has a feasible one', () => {
    const samples = { count: 2, points: 1, metrics: [Float64Array.of(1, 1), Float64Array.of(-1, -1)] };
    expect(thompsonArms(samples, 0, GUARDRAILS, 0, 2)).to.deep.equal([]);
  });
});
