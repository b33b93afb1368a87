import { expect } from 'chai';
import { randomStream } from '../../../math/random.ts';
import { sampleRatio, sampleRatioFindings } from '../../../src/online/readouts/gates/sample-ratio.ts';
import { PLANNED, UNITS } from './experiment.ts';

describe('the gate of the sample ratio', () => {
  it('is Pearson’s χ² of the counts', () => {
    const { statistic, degreesOfFreedom, p } = sampleRatio([5210, 4790], [1, 1]);
    expect(statistic).closeTo(17.64, 1e-12);
    expect(degreesOfFreedom).equal(1);
    // scipy 1.17.1, chisquare([5210, 4790]).pvalue
    expect(p).closeTo(2.6691e-5, 1e-9);
  });

  it('calls as many sound experiments a mismatch as its p says', () => {
    const random = randomStream(8, 'sample ratio');
    const experiments = 20_000;
    let mismatches = 0;
    for (let experiment = 0; experiment < experiments; experiment++) {
      const counts = [0, 0, 0];
      for (let user = 0; user < 400; user++) {
        const place = random.uniform();
        counts[place < 0.5 ? 0 : place < 0.75 ? 1 : 2]! += 1;
      }
      if (sampleRatio(counts, [2, 1, 1]).p < 0.01) mismatches++;
    }
    expect(Math.abs(mismatches / experiments - 0.01)).below(4 * Math.sqrt((0.01 * 0.99) / experiments));
  });

  it('refuses a split that was not planned, and says which', () => {
    const [finding, ...others] = sampleRatioFindings({ ...UNITS, 'arm-2': 11_000 }, PLANNED);
    expect(others).deep.equal([]);
    expect(finding).include({ gate: 'sample_ratio', severity: 'refuse' });
    expect(finding!.message).match(
      /^units were not split as planned, p = \d\.\de-\d+: baseline 20000 \(planned 20500\), arm-1 10000 \(planned 10250\), arm-2 11000 \(planned 10250\); expected p of at least 0.001$/,
    );
    expect(sampleRatioFindings(UNITS, PLANNED)).deep.equal([]);
    const [far] = sampleRatioFindings({ ...UNITS, 'arm-2': 5_000 }, PLANNED);
    expect(far!.message).match(/^units were not split as planned, p < 1e-300: baseline/);
  });

  it('warns where the units are too few to tell', () => {
    const [finding] = sampleRatioFindings({ baseline: 8, 'arm-1': 1, 'arm-2': 1 }, PLANNED);
    expect(finding).deep.include({
      severity: 'warn',
      message: '10 units are too few to check how they were split: expected 5 or more in every arm',
    });
  });

  it('refuses what has no ratio', () => {
    expect(() => sampleRatio([1], [1])).throw(RangeError, '1 counts, but 1 shares');
    expect(() => sampleRatio([0, 0], [1, 1])).throw(RangeError, '0 units');
    expect(() => sampleRatio([1, 1], [1, 0])).throw(RangeError, 'share 0');
  });
});
