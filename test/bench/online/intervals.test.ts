import { expect } from 'chai';
import { meanInterval, medianInterval, shareInterval } from '../../../bench/online/intervals.ts';
import { randomStream } from '../../../math/random.ts';

const REPEATS = 2000;
/** Of a share of 95 % in so many repeats, 4.5 standard errors. */
const SLACK = 4.5 * Math.sqrt((0.95 * 0.05) / REPEATS);

function coverage(n: number, covers: (values: readonly number[]) => boolean): number {
  const random = randomStream(n, 'intervals');
  let count = 0;
  for (let i = 0; i < REPEATS; i++) if (covers(Array.from({ length: n }, () => random.normal()))) count++;
  return count / REPEATS;
}

describe('intervals of figures', () => {
  it('are Wilson’s for a share: 26 of 30 is 86.7 % (70.3 to 94.7)', () => {
    const [low, high] = shareInterval(26, 30);
    expect(low).to.be.closeTo(0.7032, 5e-4);
    expect(high).to.be.closeTo(0.9469, 5e-4);
    expect(shareInterval(0, 10)[0]).to.equal(0);
    expect(shareInterval(0, 0)).to.deep.equal([0, 1]);
  });

  it('hold the median in at least 95 % of samples', () => {
    const found = coverage(60, (values) => {
      const [low, high] = medianInterval(values);
      return low <= 0 && 0 <= high;
    });
    expect(found).to.be.above(0.95 - SLACK);
    expect(medianInterval([3, 1, 2])).to.deep.equal([1, 3]);
  });

  it('hold the mean in 95 % of samples, and know nothing from one value', () => {
    const found = coverage(200, (values) => {
      const [low, high] = meanInterval(values).interval;
      return low <= 0 && 0 <= high;
    });
    expect(found).to.be.within(0.95 - SLACK - 0.005, 0.95 + SLACK);
    expect(meanInterval([2])).to.deep.equal({ mean: 2, interval: [-Infinity, Infinity] });
  });
});
