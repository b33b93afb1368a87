import { expect } from 'chai';
import { DomainError } from '../../../src/domain/errors.ts';
import { relativeLog, relativeRound } from '../../../src/online/transfer/relative-observations.ts';

const x = Float64Array.of(0.5);

const round = (mean: number, standardError: number) => () =>
  relativeRound([{ x, mean, standardError }], 'saves');

describe('relativeRound and relativeLog', () => {
  it('are logarithms, with variances by the delta method or inferred', () => {
    const { y, variance } = relativeRound([{ x, mean: 2, standardError: 0.1 }], 'saves');
    expect(y[0]).to.be.closeTo(Math.LN2, 1e-15);
    expect(variance[0]).to.be.closeTo(0.0025, 1e-15);
    expect([...relativeLog({ X: x, y: Float64Array.of(1) }, 'saves').variance]).to.deep.equal([NaN]);
  });

  it('refuse what has no logarithm, and impossible standard errors', () => {
    expect(round(0, 0.1)).to.throw(DomainError, 'metric saves of arm 0 is 0: expected a number above 0');
    expect(round(NaN, 0.1)).to.throw(DomainError, 'saves of arm 0 is NaN');
    expect(round(1, -1)).to.throw(DomainError, 'standard error -1: expected a number of at least 0');
    expect(round(1, Infinity)).to.throw(DomainError, 'standard error Infinity');
    expect(() => relativeLog({ X: x, y: Float64Array.of(-1) }, 'saves')).to.throw(
      DomainError,
      'metric saves of the log is -1',
    );
  });
});
