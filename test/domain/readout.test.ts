import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { readoutSchema } from '../../src/domain/readout.ts';
import { parseWith } from '../../src/domain/schema.ts';

const READOUT = {
  window: { start: '2026-03-01', end: '2026-03-15' },
  maturesAt: '2026-03-16T12:00:00Z',
  units: { baseline: 10_000, 'arm-1': 10_100 },
  metrics: {
    clickers: {
      kind: 'propensity',
      arms: { baseline: { mean: 0.2, sem: 0.004 }, 'arm-1': { mean: 0.21, sem: 0.004, n: 10_100 } },
    },
    clicks: {
      kind: 'volume',
      arms: {
        baseline: {
          n: 10,
          sum: 12,
          sumOfSquares: 40,
          covariate: { sum: 9, sumOfSquares: 20, sumOfProducts: 8 },
        },
        'arm-1': {
          n: 10,
          sum: 12,
          sumOfSquares: 40,
          covariate: { sum: 9, sumOfSquares: 20, sumOfProducts: 8 },
        },
      },
    },
    saves: { kind: 'volume', adjusted: true, arms: { 'arm-1': { lift: -0.02, sem: 0.01 } } },
  },
};

/** The line of the refusal. */
function refusal(readout: object): string {
  try {
    parseWith(readoutSchema, readout, 'readout_invalid');
  } catch (error) {
    if (error instanceof DomainError) return error.line;
    throw error;
  }
  throw new RangeError('was taken');
}

/** The readout with other clicks in the baseline. */
function withClicks(baseline: object): object {
  const { clicks } = READOUT.metrics;
  return { ...READOUT, metrics: { clicks: { ...clicks, arms: { baseline } } } };
}

describe('readoutSchema', () => {
  it('takes means, sums with and without a covariate, and lifts', () => {
    const { metrics } = readoutSchema.parse(READOUT);
    expect(metrics['clickers']).deep.equal({ ...READOUT.metrics.clickers, adjusted: false });
    expect(metrics['saves']).deep.equal(READOUT.metrics.saves);
    expect(readoutSchema.parse(withClicks({ n: 4, sum: 2, sumOfSquares: 2 })).units).deep.equal(
      READOUT.units,
    );
  });

  it('refuses in one line each', () => {
    expect(refusal({ ...READOUT, window: { start: '2026-03-01', end: '2026-03-01' } })).equal(
      'window.end: is 2026-03-01: expected a moment after the start, 2026-03-01',
    );
    expect(refusal({ ...READOUT, maturesAt: '2026-03-14' })).equal(
      "maturesAt: is 2026-03-14: expected no moment before the window's end, 2026-03-15",
    );
    expect(refusal({ ...READOUT, maturesAt: '15 March' })).equal(
      'maturesAt: is "15 March": expected a day such as 2026-03-01 or a moment such as 2026-03-01T09:30:00Z',
    );
    expect(refusal({ ...READOUT, units: { baseline: -1 } })).equal(
      'units.baseline: is -1: expected a number >= 0',
    );
    const mixed = { kind: 'volume', arms: { baseline: { mean: 1, sem: 1 }, 'arm-1': { lift: 0, sem: 1 } } };
    expect(refusal({ ...READOUT, metrics: { clicks: mixed } })).equal(
      'metrics.clicks.arms: mixes means and lifts: expected one form for all arms of a metric',
    );
    expect(refusal(withClicks({ mean: 1 }))).equal(
      'metrics.clicks.arms.baseline.sem: is missing: expected a number',
    );
    expect(refusal(withClicks({ mean: 1, sem: -1 }))).equal(
      'metrics.clicks.arms.baseline.sem: is -1: expected a number >= 0',
    );
    expect(refusal(withClicks({ value: 1 }))).equal(
      'metrics.clicks.arms.baseline: is {"value":1}: expected {mean, sem}, {lift, sem} or {n, sum, sumOfSquares}',
    );
  });

  it('refuses sums that no numbers have', () => {
    expect(refusal(withClicks({ n: 2, sum: 10, sumOfSquares: 40 }))).equal(
      'metrics.clicks.arms.baseline: has a sumOfSquares of 40: expected at least sum²/n = 50',
    );
    const covariate = { sum: 9, sumOfSquares: 4, sumOfProducts: 8 };
    expect(refusal(withClicks({ n: 10, sum: 12, sumOfSquares: 40, covariate }))).equal(
      'metrics.clicks.arms.baseline: has a covariate.sumOfSquares of 4: expected at least sum²/n = 8.1',
    );
    const products = { sum: 9, sumOfSquares: 10, sumOfProducts: 30 };
    expect(refusal(withClicks({ n: 10, sum: 12, sumOfSquares: 40, covariate: products }))).equal(
      'metrics.clicks.arms.baseline: has a covariate.sumOfProducts of 30: expected at most √(Σx²·Σy²) = 20 in size',
    );
    expect(refusal(withClicks({ n: 1, sum: 1, sumOfSquares: 1 }))).equal(
      'metrics.clicks.arms.baseline.n: is 1: expected a number >= 2',
    );
  });

  it('takes correlations of its metrics, and refuses those of others, of one and of a pair twice', () => {
    const pair = { metrics: ['clickers', 'clicks'], correlation: 0.8 };
    expect(readoutSchema.parse({ ...READOUT, correlations: [pair] }).correlations).deep.equal([pair]);
    const again = { ...pair, metrics: ['clicks', 'clickers'] };
    for (const [correlations, message] of [
      [[pair, again], 'correlations.1: pairs clicks and clickers again: expected each pair once'],
      [
        [{ ...pair, metrics: ['clicks', 'hides'] }],
        'correlations.0: names hides: expected one of clickers, clicks, saves',
      ],
      [
        [{ ...pair, metrics: ['clicks', 'clicks'] }],
        'correlations.0: pairs clicks with itself: expected two metrics',
      ],
      [[{ ...pair, correlation: 1.2 }], 'correlations.0.correlation: is 1.2: expected a number <= 1'],
    ] as const) {
      expect(refusal({ ...READOUT, correlations })).equal(message);
    }
  });
});
