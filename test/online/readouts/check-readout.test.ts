import { expect } from 'chai';
import { checkReadout, readoutError, standingRefusals } from '../../../src/online/readouts/check-readout.ts';
import { missingArmsFindings } from '../../../src/online/readouts/gates/missing-arms.ts';
import { timingFindings } from '../../../src/online/readouts/gates/timing.ts';
import { GOOD, metric, PLANNED, TIME, UNITS } from './experiment.ts';

describe('checkReadout', () => {
  it('finds nothing in a sound readout', () => {
    expect(checkReadout(GOOD, PLANNED, TIME)).deep.equal([]);
  });

  it('puts refusals first, and lets the forced ones pass', () => {
    const readout = { ...GOOD, units: { ...UNITS, 'arm-2': 12_000 } };
    const findings = checkReadout(readout, PLANNED, { ...TIME, plannedEnd: '2026-03-29' });
    expect(findings.map(({ gate }) => gate)).deep.equal(['sample_ratio', 'early_look']);
    expect(standingRefusals(findings, []).map(({ gate }) => gate)).deep.equal(['sample_ratio']);
    expect(standingRefusals(findings, ['sample_ratio'])).deep.equal([]);
  });

  it('makes one error of what stands, with the place and the gate of each', () => {
    const { baseline: _, ...units } = UNITS;
    const clickers = metric('propensity', {
      ...GOOD.metrics['clickers']!.arms,
      'arm-1': { mean: 21, sem: 0.4 },
    });
    const findings = checkReadout({ ...GOOD, units, metrics: { clickers } }, PLANNED, TIME);
    const { code, lines } = readoutError(standingRefusals(findings, []));
    expect(code).equal('readout_invalid');
    expect(lines).deep.equal([
      'units.baseline: has no units: expected all of baseline, arm-1, arm-2 (gate missing_arms)',
      'metrics.clickers.arms.arm-1: has a share of 21: expected a fraction between 0 and 1, such as 0.02 for 2 % (gate mixed_units)',
    ]);
  });

  it('compares with the round before', () => {
    const earlier = {
      clickers: { source: 'the round before', controlMean: 20, coefficientOfVariation: null },
    } as const;
    expect(checkReadout(GOOD, PLANNED, TIME, earlier).map(({ message }) => message)).deep.equal([
      'has a mean of 0.2: expected the units of the round before, in which it was 20',
    ]);
  });
});

describe('the gate of missing arms', () => {
  it('wants every planned arm in the counts and in each metric, and no other', () => {
    const { 'arm-1': _, ...units } = UNITS;
    const metrics = {
      clickers: metric('propensity', {
        baseline: { mean: 0.2, sem: 0.0028 },
        'arm-3': { mean: 0.2, sem: 0.0028 },
      }),
    };
    const found = missingArmsFindings({ ...GOOD, units, metrics }, PLANNED);
    expect(found.map(({ metric, arm, message }) => `${metric ?? ''} ${arm} ${message}`)).deep.equal([
      ' arm-1 has no units: expected all of baseline, arm-1, arm-2',
      'clickers arm-1 has no readout: expected all of baseline, arm-1, arm-2',
      'clickers arm-2 has no readout: expected all of baseline, arm-1, arm-2',
      'clickers arm-3 is no arm of the experiment: expected one of baseline, arm-1, arm-2',
    ]);
  });

  it('does without the control of lifts', () => {
    expect(missingArmsFindings(GOOD, PLANNED)).deep.equal([]);
  });
});

describe('the gate of timing', () => {
  it('refuses engagement that is not complete', () => {
    expect(timingFindings(GOOD, { ...TIME, readAt: '2026-03-15T18:00:00+01:00' })).deep.equal([
      {
        gate: 'immature',
        severity: 'refuse',
        metric: null,
        arm: null,
        message:
          'was read on 2026-03-15T18:00:00+01:00: expected after 2026-03-16, when its engagement is complete',
      },
    ]);
    const { maturesAt: _, ...readout } = GOOD;
    expect(timingFindings(readout, { ...TIME, readAt: '2026-03-15' })).deep.equal([]);
    expect(timingFindings(readout, { ...TIME, readAt: '2026-03-14' })).length(1);
  });

  it('refuses what is no moment', () => {
    expect(() => timingFindings(GOOD, { ...TIME, readAt: 'yesterday' })).throw(
      RangeError,
      'moment yesterday',
    );
  });

  it('warns of an early look', () => {
    const [finding] = timingFindings(GOOD, { ...TIME, plannedEnd: '2026-03-29' });
    expect(finding).include({
      gate: 'early_look',
      severity: 'warn',
      message: 'ends on 2026-03-15, before the planned 2026-03-29: expected sequential intervals until then',
    });
  });
});
