import { expect } from 'chai';
import { DomainError } from '../../../src/domain/errors.ts';
import type { Measurement, MetricReadout } from '../../../src/domain/readout.ts';
import { baselineOfReadout } from '../../../src/online/plan/baseline-of-readout.ts';

function volume(arms: Record<string, Measurement>): MetricReadout {
  return { kind: 'volume', adjusted: false, arms };
}

describe('baselineOfReadout', () => {
  it('pools the spread within arms', () => {
    // 0, 2, 4 and 1, 5: means 2 and 3, squares about them 8 and 8.
    const sums = volume({ a: { n: 3, sum: 6, sumOfSquares: 20 }, b: { n: 2, sum: 6, sumOfSquares: 26 } });
    const { mean, stddev } = baselineOfReadout(sums, {});
    expect(mean).closeTo(12 / 5, 1e-15);
    expect(stddev).closeTo(Math.sqrt(16 / 3), 1e-14);
  });

  it('takes one arm with its standard error, and its units from the counts', () => {
    const { mean, stddev } = baselineOfReadout(volume({ a: { mean: 0.2, sem: 0.004 } }), { a: 10_000 });
    expect(mean).equal(0.2);
    expect(stddev).closeTo(0.4, 1e-15);
  });

  it('refuses lifts, and arms without units', () => {
    expect(() => baselineOfReadout(volume({ a: { lift: 0, sem: 1 } }), {})).throw(
      DomainError,
      'has lifts, which tell no spread: expected means or sums',
    );
    expect(() => baselineOfReadout(volume({ a: { mean: 1, sem: 1 } }), {})).throw(
      DomainError,
      'a has no units',
    );
    expect(() => baselineOfReadout(volume({ a: { mean: 1, sem: 1, n: 1 } }), {})).throw(
      DomainError,
      'has 1 units: expected two in an arm',
    );
  });
});
