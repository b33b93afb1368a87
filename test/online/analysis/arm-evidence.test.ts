import { expect } from 'chai';
import { armEvidence } from '../../../src/online/analysis/arm-evidence.ts';

const NAMES = ['baseline', 'a', 'b'];

describe('armEvidence', () => {
  it('is what the draws say of each arm, relative to the mean of the baseline', () => {
    // Baseline 4 and 6, a 5 and 8, b 3 and 6: differences 1, 2 and −1, 0.
    const objective = Float64Array.of(4, 5, 3, 6, 8, 6);
    const slack = Float64Array.of(0, 1, 1, 0, -1, 1);
    const result = {
      guardrail: 'm >= baseline',
      arm: 'b',
      slack: { estimate: 1, standardError: 1 },
      verdict: 'shown not worse',
    } as const;
    const [a, b, ...others] = armEvidence(
      { names: NAMES, objective, slacks: [slack] },
      [result],
      new Set(['b']),
    );
    expect(others).deep.equal([]);
    expect(a).deep.equal({
      arm: 'a',
      lift: 0.3,
      stddev: 0.1,
      better: 1,
      best: 0.5,
      feasible: 0.5,
      guardrails: [],
      tested: false,
    });
    expect(b).deep.include({ lift: -0.1, stddev: 0.1, better: 0, feasible: 1, tested: true });
    expect(b!.guardrails).deep.equal([result]);
  });

  it('keeps the sign of a gain where the objective is negative', () => {
    const objective = Float64Array.of(-4, -2, -5);
    const [a, b] = armEvidence({ names: NAMES, objective, slacks: [] }, [], new Set());
    expect([a!.lift, b!.lift]).deep.equal([0.5, -0.25]);
  });

  it('refuses a baseline of 0', () => {
    const objective = Float64Array.of(0, 1, 2);
    expect(() => armEvidence({ names: NAMES, objective, slacks: [] }, [], new Set())).throw(
      RangeError,
      'a baseline of 0 has no relative lifts',
    );
  });
});
