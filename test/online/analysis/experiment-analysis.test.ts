import { expect } from 'chai';
import { onlineSchema } from '../../../src/domain/online.ts';
import { readoutSchema } from '../../../src/domain/readout.ts';
import { experimentAnalysis } from '../../../src/online/analysis/experiment-analysis.ts';

const SETTINGS = { alpha: 0.05, correction: 'dunnett', informationFraction: null, seed: 1 } as const;

describe('experimentAnalysis', () => {
  it('has verdicts and probabilities of guardrails that agree, whatever the sign of a mean', () => {
    const online = onlineSchema.parse({
      metrics: { saves: { kind: 'volume' }, balance: { kind: 'volume' } },
      objective: 'maximize saves',
      guardrails: ['balance >= 1.05 * baseline'],
    });
    const sem = 0.05;
    const same = { mean: 1, sem: 0.01 };
    const readout = readoutSchema.parse({
      window: { start: '2026-03-01', end: '2026-03-15' },
      units: { baseline: 10_000, kept: 10_000, missed: 10_000 },
      metrics: {
        saves: { kind: 'volume', arms: { baseline: same, kept: same, missed: same } },
        balance: {
          kind: 'volume',
          arms: {
            baseline: { mean: -10, sem },
            // The bound is -10.5.
            kept: { mean: -10.1, sem },
            missed: { mean: -10.9, sem },
          },
        },
      },
    });
    const { guardrails, probabilities } = experimentAnalysis(online, readout, SETTINGS);
    expect(guardrails.map(({ arm, verdict }) => [arm, verdict])).to.deep.equal([
      ['kept', 'shown not worse'],
      ['missed', 'worse'],
    ]);
    // Φ(±0.4/(0.05·√(1 + 1.05²))), as the slack of means has it: 5.5 standard errors to either side.
    const [kept, missed] = probabilities!;
    expect(kept!.feasible).to.equal(1);
    expect(missed!.feasible).to.equal(0);
  });
});
