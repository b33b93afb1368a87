import { expect } from 'chai';
import { LEAST_P, sampleRatio } from '../../../src/online/readouts/gates/sample-ratio.ts';
import { upworthyTests } from '../upworthy.ts';

describe('the gate of the sample ratio on real tests', () => {
  it('refuses 15.5 % of the Upworthy archive, which was to be split evenly', function () {
    const tests = upworthyTests();
    if (tests === undefined) return this.skip();
    const compared = tests.filter(({ impressions }) => impressions.length >= 2);
    const mismatches = compared.filter(({ impressions }) => {
      const even = impressions.map(() => 1);
      return sampleRatio(impressions, even).p < LEAST_P;
    });
    expect(mismatches.length / compared.length).closeTo(0.155, 0.0005);
  });
});
