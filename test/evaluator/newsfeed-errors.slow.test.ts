import { expect } from 'chai';
import { halfSplitCoverage } from './half-splits.ts';
import { newsfeedLog } from './newsfeed-log.ts';

describe('standard errors on the newsfeed log, at length', () => {
  it('give nominal 95 % intervals that cover at 90 to 97 % over 400 half-splits, each metric and its change', async function () {
    const log = await newsfeedLog();
    if (log === undefined) return this.skip();
    for (const [name, { value, change }] of Object.entries(halfSplitCoverage(log, 400))) {
      expect(value, name).to.be.within(0.9, 0.97);
      expect(change, `change of ${name}`).to.be.within(0.9, 0.97);
    }
  });
});
