import { expect } from 'chai';
import * as fc from 'fast-check';
import { formatChange, formatValue } from '../../src/cli/format-errors.ts';
import type { MetricReport } from '../../src/service/sweep-report.ts';

const share = fc.double({ min: 1e-6, max: 0.2, noNaN: true });
/** Of what is printed and read again. */
const ROUNDING = 1e-14;

function interval(text: string): { readonly lower: number; readonly upper: number } {
  const [value, reach] = text.split(' ± ').map((part) => Number.parseFloat(part));
  return { lower: value! - reach! - ROUNDING, upper: value! + reach! + ROUNDING };
}

describe('a value of the histogram form, as it is printed', () => {
  it('is never nearer to its bounds than it is said to be', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1, noNaN: true }), share, share, (value, below, above) => {
        const bounds = { lower: value * (1 - below), upper: value * (1 + above) };
        const observed = { value, sem: null, baseline: null, bounds };
        const shown = interval(formatValue({ value, observed } as MetricReport));
        expect(shown.lower).to.be.at.most(bounds.lower);
        expect(shown.upper).to.be.at.least(bounds.upper);
        const change = { change: value, changeBounds: bounds, relativeChange: null } as MetricReport;
        const asChange = interval(formatChange(change));
        expect(asChange.lower).to.be.at.most(bounds.lower);
        expect(asChange.upper).to.be.at.least(bounds.upper);
        const relative = { ...change, relativeChange: value, relativeChangeBounds: bounds };
        const inPercent = interval(formatChange(relative));
        expect(inPercent.lower / 100).to.be.at.most(bounds.lower + ROUNDING);
        expect(inPercent.upper / 100).to.be.at.least(bounds.upper - ROUNDING);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('has bounds of no width where it is known', () => {
    const observed = { value: 0.5, sem: null, baseline: null, bounds: { lower: 0.5, upper: 0.5 } };
    expect(formatValue({ value: 0.5, observed } as MetricReport)).to.equal('0.500000 ± 0');
  });
});
