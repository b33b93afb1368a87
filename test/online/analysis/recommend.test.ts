import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  type ArmEvidence,
  recommend,
  type RecommendationSettings,
} from '../../../src/online/analysis/recommend.ts';

const GOOD: ArmEvidence = {
  arm: 'arm-3',
  lift: 0.021,
  stddev: 0.006,
  better: 0.9996,
  best: 0.71,
  feasible: 0.97,
  guardrails: [
    { guardrail: 'saves >= 0.98 * baseline', verdict: 'shown not worse' },
    { guardrail: 'hides <= baseline', verdict: 'not shown worse' },
  ],
  tested: true,
};

const LARGER: ArmEvidence = { ...GOOD, arm: 'arm-5', lift: 0.03, feasible: 0.4, best: 0.2 };

const SETTINGS: RecommendationSettings = {
  round: 1,
  roundsLeft: 1,
  confidence: 0.95,
  relevantGain: 0.005,
  gainAfterNextRound: { mean: 0.023, standardError: 0.0004 },
};

describe('recommend', () => {
  it('ships the tested arm of the largest lift that is surely better and feasible', () => {
    const answer = recommend([GOOD, { ...GOOD, arm: 'arm-1', lift: 0.01 }, LARGER], SETTINGS);
    expect(answer).deep.equal({
      action: 'ship',
      arm: 'arm-3',
      furtherGain: 0.023 - 0.021,
      reasons: [
        'arm-3 gains +2.10 % ± 0.60 % and is better with probability >0.999, the best with 0.71, within the guardrails with 0.97; not shown to be met by itself: hides <= baseline.',
        'Round 2 is expected to gain +0.20 % more (Monte Carlo error 0.04 %), less than the 0.50 % that a round is worth.',
      ],
    });
  });

  it('asks how surely an arm is better only as far as it is told to', () => {
    const unsure = { ...GOOD, better: 0.7 };
    const last = { ...SETTINGS, roundsLeft: 0 };
    expect(recommend([unsure], last)).include({ action: 'stop' });
    expect(recommend([unsure], { ...last, betterConfidence: 0.6 })).include({ action: 'ship', arm: 'arm-3' });
    expect(recommend([{ ...unsure, lift: -0.01 }], { ...last, betterConfidence: 0 })).include({
      action: 'stop',
    });
    expect(() => recommend([unsure], { ...last, betterConfidence: 1 })).throw(RangeError, 'confidence 1');
  });

  it('runs another round where that is expected to gain enough more', () => {
    const answer = recommend([GOOD], {
      ...SETTINGS,
      gainAfterNextRound: { mean: 0.03, standardError: 0.0004 },
    });
    expect(answer).include({ action: 'run', round: 2 });
    expect(answer.furtherGain).closeTo(0.009, 1e-12);
    expect(answer.reasons[1]).equal(
      'Round 2 is expected to gain +0.90 % more (Monte Carlo error 0.04 %), at least the 0.50 % that a round is worth.',
    );
    expect(recommend([LARGER], SETTINGS)).include({ action: 'run', furtherGain: 0.023 });
  });

  it('ships rather than runs where no round is left', () => {
    const answer = recommend([GOOD], {
      ...SETTINGS,
      roundsLeft: 0,
      gainAfterNextRound: { mean: 0.9, standardError: 0 },
    });
    expect(answer).include({ action: 'ship', arm: 'arm-3' });
    expect(answer.reasons.at(-1)).equal('No round is left.');
  });

  it('stops where nothing can be shipped and a round is not worth it, and says what is in the way', () => {
    const missing = { guardrail: 'saves >= baseline', verdict: 'worse' } as const;
    const untested = { ...GOOD, tested: false, better: 0.9, feasible: 0.5, guardrails: [missing] };
    const answer = recommend([untested], {
      ...SETTINGS,
      gainAfterNextRound: { mean: 0.004, standardError: 0.0001 },
    });
    expect(answer).deep.equal({
      action: 'stop',
      furtherGain: 0.004,
      reasons: [
        'No arm can be shipped; arm-3, with the largest lift of +2.10 % ± 0.60 %, cannot because it was not tested, it is better with probability 0.90 only, it meets the guardrails with probability 0.50 only, it is shown to miss saves >= baseline.',
        'Round 2 is expected to gain +0.40 % more (Monte Carlo error 0.01 %), less than the 0.50 % that a round is worth.',
        'The baseline stays.',
      ],
    });
    expect(recommend([], { ...SETTINGS, roundsLeft: 0 }).reasons).deep.equal([
      'No arm was read out.',
      'No round is left.',
      'The baseline stays.',
    ]);
  });

  it('never ships an arm that is untested, uncertain, or shown worse, in any order of the arms', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    const evidence = fc.record({
      arm: fc.uuid(),
      lift: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
      stddev: fc.constant(0.01),
      better: probability,
      best: probability,
      feasible: probability,
      guardrails: fc.array(
        fc.record({
          guardrail: fc.constant('m >= baseline'),
          verdict: fc.constantFrom('shown not worse', 'not shown worse', 'worse'),
        }),
        { maxLength: 3 },
      ),
      tested: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(evidence, { maxLength: 6 }), probability, (arms, confidence) => {
        fc.pre(confidence > 0 && confidence < 1);
        const settings = { ...SETTINGS, confidence, roundsLeft: 0 };
        const answer = recommend(arms, settings);
        if (answer.action !== 'ship') return;
        const shipped = arms.find(({ arm }) => arm === answer.arm)!;
        expect(shipped.tested).equal(true);
        expect(shipped.lift).above(0);
        expect(Math.min(shipped.better, shipped.feasible)).at.least(confidence);
        expect(shipped.guardrails.some(({ verdict }) => verdict === 'worse')).equal(false);
        expect(recommend(arms.toReversed(), settings)).deep.include({ action: 'ship' });
      }),
    );
  });

  it('refuses what is no confidence or gain', () => {
    expect(() => recommend([], { ...SETTINGS, confidence: 1 })).throw(RangeError, 'confidence 1');
    expect(() => recommend([], { ...SETTINGS, relevantGain: 0 })).throw(RangeError, 'relevant gain 0');
    const gainAfterNextRound = { mean: Number.NaN, standardError: 0 };
    expect(() => recommend([], { ...SETTINGS, gainAfterNextRound })).throw(RangeError, 'expected gain NaN');
  });
});
