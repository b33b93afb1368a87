import { expect } from 'chai';
import type { MetricReadout } from '../../../src/domain/readout.ts';
import { mixedUnitsFindings } from '../../../src/online/readouts/gates/mixed-units.ts';
import { metric, UNITS } from './experiment.ts';

/** What the gate finds, a line each. */
const find = (
  readout: MetricReadout,
  controlMean: number | null = null,
  cv: number | null = null,
): readonly string[] =>
  mixedUnitsFindings('m', readout, UNITS, 'baseline', {
    source: 'the round before',
    controlMean,
    coefficientOfVariation: cv,
  }).map(({ arm, message }) => `${arm} ${message}`);

describe('the gate of mixed units', () => {
  it('refuses a share that is a percentage', () => {
    expect(find(metric('propensity', { baseline: { mean: 20, sem: 0.28 } }))).deep.equal([
      'baseline has a share of 20: expected a fraction between 0 and 1, such as 0.02 for 2 %',
    ]);
  });

  it('refuses an arm in other units than the control, and a control in others than before', () => {
    const arms = { baseline: { mean: 0.004, sem: 0.0001 }, 'arm-1': { mean: 0.41, sem: 0.01 } };
    expect(find(metric('propensity', arms))).deep.equal([
      'arm-1 has a mean of 0.41: expected the units of baseline, which has 0.004',
    ]);
    const sums = {
      baseline: { n: 100, sum: 200, sumOfSquares: 900 },
      'arm-1': { n: 100, sum: 220, sumOfSquares: 950 },
    };
    expect(find(metric('volume', sums), 2.1)).deep.equal([]);
    expect(find(metric('volume', sums), 210)).length(1);
    expect(find(metric('volume', { baseline: { mean: -3, sem: 1 } }), 300)).deep.equal([]);
  });

  it('refuses lifts in per cent, by their size or by their standard error', () => {
    const arms = { 'arm-1': { lift: 1.4, sem: 0.6 } };
    expect(find(metric('volume', arms))).deep.equal([
      'arm-1 has a lift of 1.4: expected a fraction, such as 0.02 for +2 %',
    ]);
    // With a standard deviation of twice the mean the standard error is 2·√(1/10,000 + 1/20,000) = 0.024.
    const small = { 'arm-1': { lift: 0.4, sem: 2.6 } };
    expect(find(metric('volume', small), null, 2)).deep.equal([
      'arm-1 has a lift with a sem of 2.6: expected about 0.028, a fraction, by the spread of the metric in the round before',
    ]);
    expect(find(metric('volume', { 'arm-1': { lift: 0.004, sem: 0.026 } }), null, 2)).deep.equal([]);
    expect(find(metric('volume', small))).deep.equal([]);
  });
});
