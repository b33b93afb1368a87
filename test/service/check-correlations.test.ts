import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { checkCorrelations } from '../../src/service/check-correlations.ts';

const saves = { kind: 'volume', adjusted: false, arms: {} } as const;
const metrics = { saves, clicks: saves, hides: saves };
const pair = (a: string, b: string, correlation: number) => ({
  metrics: [a, b] as [string, string],
  correlation,
});

describe('checkCorrelations', () => {
  it('refuses what no numbers have together, in one line', () => {
    const correlations = [
      pair('saves', 'clicks', 0.9),
      pair('clicks', 'hides', 0.9),
      pair('saves', 'hides', -0.9),
    ];
    expect(() => checkCorrelations({ metrics, correlations })).to.throw(
      DomainError,
      'correlations that no numbers have together: expected those of one table of users, where a pair left out has 0',
    );
    const possible = correlations.map((each) => ({ ...each, correlation: each.correlation / 2 }));
    expect(() => checkCorrelations({ metrics, correlations: possible })).to.not.throw();
    expect(() => checkCorrelations({ metrics })).to.not.throw();
  });
});
