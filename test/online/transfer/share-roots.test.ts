import { expect } from 'chai';
import { randomStream } from '../../../math/random.ts';
import { shareRoots } from '../../../src/online/transfer/share-roots.ts';

describe('shareRoots', () => {
  it('has squares that are the shares of the utility that each term moves', () => {
    const roots = shareRoots([0.5, 0.1, 0.3, 0.1], [0.2, 0.04, 0.05, 0.03]);
    const terms = [0.1, 0.004, 0.015, 0.003];
    terms.forEach((term, t) => expect(roots[t]! ** 2).to.be.closeTo(term / 0.122, 1e-15));
  });

  it('is the same for weights that rank alike, and their distances are those of Hellinger', () => {
    const random = randomStream(3, 'share-roots');
    for (let i = 0; i < 20; i++) {
      const draw = (): number[] => Array.from({ length: 4 }, () => random.uniform());
      const [a, b, spreads] = [draw(), draw(), draw()];
      const [p, q] = [shareRoots(a, spreads), shareRoots(b, spreads)];
      const scaled = shareRoots(
        a.map((weight) => 7 * weight),
        spreads,
      );
      scaled.forEach((root, t) => expect(root).to.be.closeTo(p[t]!, 1e-15));
      const distance = p.reduce((sum, root, t) => sum + (root - q[t]!) ** 2, 0);
      const affinity = p.reduce((sum, root, t) => sum + root * q[t]!, 0);
      expect(distance).to.be.closeTo(2 - 2 * affinity, 1e-14);
    }
  });

  it('keeps the sign of a weight whose term is subtracted', () => {
    const draw = randomStream(4, 'share-roots');
    for (let i = 0; i < 20; i++) {
      const weights = Array.from({ length: 3 }, () => 2 * draw.uniform() - 1);
      const sizes = shareRoots(weights.map(Math.abs), [1, 3, 2]);
      const roots = shareRoots(weights, [1, 3, 2]);
      roots.forEach((root, t) => expect(root).to.equal(Math.sign(weights[t]!) * sizes[t]!));
    }
    const [w, signs] = [
      [0.5, -0.5],
      [-0.5, 0.5],
    ].map((each) => shareRoots(each, [1, 1]));
    // Opposite utilities are as far from each other as the circle is wide.
    expect(Math.hypot(w![0]! - signs![0]!, w![1]! - signs![1]!)).to.be.closeTo(2, 1e-15);
  });

  it('has weights that move nothing at 0', () => {
    expect(Array.from(shareRoots([0, 1], [1, 0]))).to.deep.equal([0, 0]);
  });

  it('refuses what has no shares', () => {
    expect(() => shareRoots([1, 2], [1])).to.throw(RangeError, '2 weights with 1 spreads');
    expect(() => shareRoots([1, 1], [2, -1])).to.throw(RangeError, 'move the utility by 2, -1');
    expect(() => shareRoots([NaN, 1], [1, 1])).to.throw(RangeError, 'move the utility by NaN, 1');
    expect(() => shareRoots([Infinity, 1], [1, 1])).to.throw(RangeError, 'move the utility by Infinity, 1');
  });
});
