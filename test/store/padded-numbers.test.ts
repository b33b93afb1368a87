import { expect } from 'chai';
import { paddedNumbers } from '../../store/padded-numbers.ts';

describe('paddedNumbers', () => {
  it('has the same numbers in their order, and repeats the last up to a power of two', () => {
    const lengths = new Set<number>();
    for (let length = 1; length <= 600; length++) {
      const numbers = Array.from({ length }, (_, i) => 3 * i);
      const padded = paddedNumbers(numbers);
      expect(padded.slice(0, length)).to.deep.equal(numbers);
      for (const number of padded.slice(length)) expect(number).to.equal(numbers.at(-1));
      expect(padded.length).to.be.lessThan(2 * length);
      lengths.add(padded.length);
    }
    expect([...lengths]).to.deep.equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);
    expect(paddedNumbers([])).to.deep.equal([]);
  });
});
