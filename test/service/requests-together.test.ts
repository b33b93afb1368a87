import { expect } from 'chai';
import { requestsTogether } from '../../src/service/requests-together.ts';

const ones = Array.from({ length: 150 }, () => ({ count: 1 }));

describe('requestsTogether', () => {
  it('are a hundred candidates of a small study, and fewer the more trials are modelled', () => {
    for (const [trials, count] of [
      [0, 100],
      [200, 100],
      [400, 50],
      [1000, 20],
      [2000, 10],
      [1e6, 1],
    ] as const) {
      expect(requestsTogether(ones, trials)).to.equal(count);
    }
    expect(requestsTogether(ones.slice(0, 64), 0)).to.equal(64);
  });

  it('are at least one, whatever it asks for', () => {
    expect(requestsTogether([{ count: 100 }, { count: 1 }], 2000)).to.equal(1);
    expect(requestsTogether([{ count: 60 }, { count: 40 }, { count: 1 }], 10)).to.equal(2);
  });

  it('are of no client twice', () => {
    const requests = ['a', 'b', 'a', 'c'].map((clientId) => ({ count: 1, clientId }));
    expect(requestsTogether(requests, 10)).to.equal(2);
    expect(requestsTogether(requests.slice(1), 10)).to.equal(3);
  });
});
