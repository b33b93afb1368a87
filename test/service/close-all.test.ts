import { expect } from 'chai';
import { closeAll } from '../../src/service/close-all.ts';

describe('closing all', () => {
  it('closes each in turn, whatever becomes of those before, and throws what the first throws', async () => {
    const closed: string[] = [];
    const [first, second] = [new Error('first'), new Error('second')];
    const closing = closeAll([
      async () => closed.push('a'),
      () => Promise.reject(first),
      async () => closed.push('b'),
      () => Promise.reject(second),
      async () => closed.push('c'),
    ]);
    expect(await closing.catch((error: unknown) => error)).to.equal(first);
    expect(closed).to.deep.equal(['a', 'b', 'c']);
  });
});
