import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';

describe('randomStream', () => {
  it('repeats itself for the same seed and labels', () => {
    const a = randomStream(7, 'suggest', 3);
    const b = randomStream(7, 'suggest', 3);
    for (let i = 0; i < 20; i++) expect(a.normal()).to.equal(b.normal());
  });

  it('gives different labels different streams', () => {
    const a = randomStream(7, 'suggest', 3);
    const b = randomStream(7, 'suggest', 4);
    expect(a.uniform()).to.not.equal(b.uniform());
  });

  it('draws normals with mean 0, variance 1 and kurtosis 3, within 4 standard errors', () => {
    const n = 40_000;
    const random = randomStream(11, 'moments');
    let m1 = 0;
    let m2 = 0;
    let m4 = 0;
    for (let i = 0; i < n; i++) {
      const z = random.normal();
      m1 += z / n;
      m2 += (z * z) / n;
      m4 += z ** 4 / n;
    }
    expect(m1).to.be.closeTo(0, 4 / Math.sqrt(n));
    expect(m2).to.be.closeTo(1, 4 * Math.sqrt(2 / n));
    expect(m4).to.be.closeTo(3, 4 * Math.sqrt(96 / n));
  });
});
