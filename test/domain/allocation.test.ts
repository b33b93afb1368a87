import { expect } from 'chai';
import { allocationSchema } from '../../src/domain/allocation.ts';
import { DomainError } from '../../src/domain/errors.ts';
import { parseWith } from '../../src/domain/schema.ts';

const arms = [
  { name: 'baseline', weights: null, share: 1 },
  { name: 'arm-1', weights: { click: 1 }, share: 1 },
];
const ALLOCATION = { experiment: 'round-1', seed: 's', coverage: 1, arms };

/** The line of the refusal. */
function refusal(allocation: object): string {
  try {
    parseWith(allocationSchema, allocation, 'experiment_invalid');
  } catch (error) {
    if (error instanceof DomainError) return error.line;
    throw error;
  }
  throw new RangeError('was taken');
}

describe('allocationSchema', () => {
  it('takes a baseline and arms', () => {
    expect(allocationSchema.parse(ALLOCATION)).deep.equal(ALLOCATION);
  });

  it('refuses in one line each', () => {
    expect(refusal({ ...ALLOCATION, arms: [arms[0], { ...arms[1], name: 'baseline' }] })).equal(
      'arms.1.name: "baseline" is the name of an earlier arm: expected another',
    );
    expect(refusal({ ...ALLOCATION, arms: arms.slice(0, 1) })).match(/^arms: .*expected .*2/);
    expect(refusal({ ...ALLOCATION, coverage: 0 })).equal('coverage: is 0: expected a number > 0');
    expect(refusal({ ...ALLOCATION, coverage: 1.5 })).equal('coverage: is 1.5: expected a number <= 1');
    expect(refusal({ ...ALLOCATION, arms: [arms[0], { ...arms[1], share: 0 }] })).equal(
      'arms.1.share: is 0: expected a number > 0',
    );
    expect(refusal({ ...ALLOCATION, arms: [arms[0], { ...arms[1], name: '-x' }] })).include(
      'expected a name of letters, digits, _, . and -',
    );
    expect(refusal({ ...ALLOCATION, experiment: 'Round 1' })).include('expected lower-case letters');
  });
});
