import { expect } from 'chai';
import { closestName } from '../../src/domain/closest-name.ts';

const NAMES = ['guardrails', 'baseline', 'label', 'ndcg', 'form'];

describe('the name that may have been meant', () => {
  for (const [wanted, meant] of [
    ['guardrail', 'guardrails'],
    ['Baseline', 'baseline'],
    ['lable', 'label'],
    ['ndgc', 'ndcg'],
    ['from', 'form'],
  ]) {
    it(`is ${meant} for ${wanted}`, () => {
      expect(closestName(wanted!, NAMES)).to.equal(meant);
    });
  }

  it('is none where all are far, or where there are none', () => {
    expect(closestName('click', NAMES)).to.equal(undefined);
    expect(closestName('fmor', NAMES)).to.equal(undefined);
    expect(closestName('', NAMES)).to.equal(undefined);
    expect(closestName('label', [])).to.equal(undefined);
  });
});
