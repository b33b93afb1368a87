import { expect } from 'chai';
import { DomainError } from '../../../src/domain/errors.ts';
import { guardrailSchema } from '../../../src/domain/guardrail.ts';
import { readoutSchema } from '../../../src/domain/readout.ts';
import { analyseReadout, type AnalysisSettings } from '../../../src/online/analysis/analyse-readout.ts';
import { sequentialMultiplier } from '../../../src/online/analysis/confidence-sequence.ts';

const READOUT = readoutSchema.parse({
  window: { start: '2026-03-01', end: '2026-03-15' },
  units: { baseline: 10_000, a: 10_000, b: 10_000 },
  metrics: {
    clickers: {
      kind: 'propensity',
      arms: {
        baseline: { mean: 0.2, sem: 0.004 },
        a: { mean: 0.22, sem: 0.0041 },
        b: { mean: 0.17, sem: 0.0038 },
      },
    },
    saves: { kind: 'volume', arms: { a: { lift: -0.01, sem: 0.01 }, b: { lift: 0.05, sem: 0.01 } } },
  },
});

const SETTINGS: AnalysisSettings = {
  control: 'baseline',
  guardrails: ['clickers >= 0.95 * baseline', 'saves >= 0.98 * baseline', 'hides <= baseline'].map((text) =>
    guardrailSchema.parse(text),
  ),
  alpha: 0.05,
  correction: 'dunnett',
  differences: [],
  informationFraction: null,
};

describe('analyseReadout', () => {
  it('has lifts with intervals that hold for all arms of a metric together', () => {
    const { intervals, metrics } = analyseReadout(READOUT, SETTINGS);
    expect(intervals).equal('one look');
    const [clickers, saves] = metrics;
    // Dunnett's value of two comparisons with equal groups.
    expect(clickers!.multiplier).closeTo(2.2121277465786164, 1e-9);
    const [a] = clickers!.arms;
    expect(a).deep.include({ arm: 'a' });
    const variance = 0.0041 ** 2 / 0.04 + (0.22 ** 2 * 0.004 ** 2) / 0.2 ** 4;
    expect(a!.lift).closeTo(0.1, 1e-12);
    expect(a!.standardError).closeTo(Math.sqrt(variance), 1e-15);
    expect(a!.upper - a!.lower).closeTo(2 * clickers!.multiplier * Math.sqrt(variance), 1e-12);
    expect(saves!.arms.map(({ lift, standardError }) => [lift, standardError])).deep.equal([
      [-0.01, 0.01],
      [0.05, 0.01],
    ]);
  });

  it('judges the guardrails of the metrics that were read out', () => {
    const { guardrails } = analyseReadout(READOUT, SETTINGS);
    expect(guardrails.map(({ guardrail, arm, verdict }) => `${arm}: ${guardrail}: ${verdict}`)).deep.equal([
      'a: clickers >= 0.95 * baseline: shown not worse',
      'b: clickers >= 0.95 * baseline: worse',
      'a: saves >= 0.98 * baseline: not shown worse',
      'b: saves >= 0.98 * baseline: shown not worse',
    ]);
    expect(guardrails[0]!.slack.estimate).closeTo(0.03, 1e-12);
    expect(guardrails[2]!.slack.estimate).closeTo(0.01, 1e-12);
  });

  it('has sequential intervals before the planned end', () => {
    const { intervals, metrics } = analyseReadout(READOUT, { ...SETTINGS, informationFraction: 0.3 });
    expect(intervals).equal('sequential');
    expect(metrics[0]!.multiplier).equal(sequentialMultiplier(0.025, 0.3));
  });

  it('compares metrics by differences where that is asked', () => {
    const { metrics, guardrails } = analyseReadout(READOUT, { ...SETTINGS, differences: ['clickers'] });
    const [clickers, saves] = metrics;
    expect([clickers!.scale, saves!.scale]).deep.equal(['difference', 'relative']);
    expect(clickers!.arms[0]!.lift).closeTo(0.02, 1e-15);
    expect(clickers!.arms[0]!.standardError).closeTo(Math.hypot(0.004, 0.0041), 1e-15);
    expect(guardrails).deep.equal(analyseReadout(READOUT, SETTINGS).guardrails);
    expect(() => analyseReadout(READOUT, { ...SETTINGS, differences: ['saves'] })).throw(
      DomainError,
      'has lifts, of which there are no differences: expected means or sums',
    );
  });

  it('refuses a guardrail that lifts cannot judge', () => {
    const guardrails = [guardrailSchema.parse('saves >= 3')];
    expect(() => analyseReadout(READOUT, { ...SETTINGS, guardrails })).throw(
      DomainError,
      '"saves >= 3" cannot be judged from lifts',
    );
  });

  it('tells the metric of what it cannot analyse', () => {
    const { baseline: _, ...units } = READOUT.units;
    expect(() => analyseReadout({ ...READOUT, units }, SETTINGS))
      .throw(DomainError, 'baseline has no units: expected a count of them')
      .with.nested.property('place.pointer', '/metrics/clickers');
  });
});
