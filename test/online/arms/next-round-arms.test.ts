import { expect } from 'chai';
import { contains } from '../../../math/polytope/polytope.ts';
import { randomStream } from '../../../math/random.ts';
import type { Weights } from '../../../src/domain/trial.ts';
import { judgeArms } from '../../../src/online/analysis/judge-arms.ts';
import { nextRoundArms } from '../../../src/online/arms/next-round-arms.ts';
import { jointLifts } from '../../../src/online/transfer/joint-lifts.ts';
import { LIFT_DRAWS, onlineModels } from '../../../src/online/transfer/online-models.ts';
import { encodeStudy, toVector } from '../../../src/optimizer/encode.ts';
import { BASELINE_WEIGHTS, EVIDENCE, SOME_ARMS, trueClicks, trueSaves, WORLD_STUDY } from './online-world.ts';

const encoding = encodeStudy(WORLD_STUDY);
const lift = (metric: (weights: Weights) => number, weights: Weights): number =>
  metric(weights) / metric(BASELINE_WEIGHTS) - 1;

describe('the arms of a later round', () => {
  const models = onlineModels(WORLD_STUDY, EVIDENCE);

  for (const generator of ['noisy_expected_improvement', 'thompson'] as const) {
    it(`by ${generator} lie where the truth gains, within the polytope, by seed alone`, () => {
      const { arms, notes } = nextRoundArms(models, EVIDENCE, 4, generator, 5, [], 0.95);
      expect(arms).to.have.lengthOf(4);
      expect(notes).to.deep.equal([]);
      for (const { weights } of arms) {
        expect(contains(encoding.polytope, toVector(encoding, weights))).to.equal(true);
        expect(SOME_ARMS).to.not.deep.include(weights);
      }
      const gains = arms.map(({ weights }) => lift(trueSaves, weights));
      const tested = Math.max(
        ...SOME_ARMS.filter((weights) => lift(trueClicks, weights) >= -0.03).map((weights) =>
          lift(trueSaves, weights),
        ),
      );
      expect(Math.max(...gains)).to.be.above(tested);
      expect(nextRoundArms(models, EVIDENCE, 4, generator, 5, [], 0.95)).to.deep.equal({ arms, notes });
    });
  }

  it('look elsewhere, and say so, where no arm may gain', () => {
    const online = {
      ...WORLD_STUDY.online,
      guardrails: [{ metric: 'clicks', relation: '>=' as const, factor: 1.2, offset: 0 }],
    };
    const impossible = onlineModels({ ...WORLD_STUDY, online }, EVIDENCE);
    const { arms, notes } = nextRoundArms(impossible, EVIDENCE, 3, 'noisy_expected_improvement', 1, [], 0.95);
    expect(arms.map(({ generator }) => generator)).to.deep.equal(Array(3).fill('space_filling'));
    expect(arms[0]!.reason).to.equal('far from all arms: the models expect no other to gain');
    expect(notes).to.deep.equal(['the models name 0 arms that may gain: 3 look elsewhere']);
  });

  it('are none where none is asked', () => {
    expect(nextRoundArms(models, EVIDENCE, 0, 'thompson', 1, [], 0.95)).to.deep.equal({
      arms: [],
      notes: [],
    });
  });
});

describe('judgeArms', () => {
  const judged = judgeArms(WORLD_STUDY, EVIDENCE, 0.95, 9, [], null);

  it('believes of an arm what the closed form of its mixture says, but for the draws', () => {
    const { models, lifts } = onlineModels(WORLD_STUDY, EVIDENCE);
    for (const { metric, model } of models) {
      judged.arms.forEach(({ arm, lifts: believed }, i) => {
        expect(arm).to.equal(`r1-${i + 1}`);
        const x = lifts.place(toVector(encoding, SOME_ARMS[i]!));
        let mean = 0;
        let square = 0;
        for (const { weight, process } of model.components) {
          const { mean: m, covariance: v } = jointLifts(process, x);
          // Of a log-normal: E = e^{m + v/2}, E² = e^{2m + 2v}.
          mean += weight * Math.exp(m[0]! + v[0]! / 2);
          square += weight * Math.exp(2 * m[0]! + 2 * v[0]!);
        }
        const stddev = Math.sqrt(square - mean ** 2);
        const error = stddev / Math.sqrt(LIFT_DRAWS);
        expect(Math.abs(believed[metric]!.mean - (mean - 1))).to.be.below(4.5 * error);
        // The standard error of a standard deviation is about 1/√(2n) of it.
        expect(Math.abs(believed[metric]!.stddev / stddev - 1)).to.be.below(4.5 / Math.sqrt(2 * LIFT_DRAWS));
      });
    }
  });

  it('ships the best that meets the guardrails, and none that is barred', () => {
    const allowed = judged.arms.filter(({ feasible, lift: gain }) => feasible >= 0.95 && gain > 0);
    const best = Math.max(...allowed.map(({ lift: gain }) => gain));
    const winner = allowed.find(({ lift: gain }) => gain === best)!;
    expect(judged.shipment!.arm).to.equal(winner.arm);
    const barred = judgeArms(WORLD_STUDY, EVIDENCE, 0.95, 9, [winner.arm], null);
    expect(barred.shipment?.arm).to.not.equal(winner.arm);
    expect(barred.arms).to.deep.equal(judged.arms);
    const all = judged.arms.map(({ arm }) => arm);
    expect(judgeArms(WORLD_STUDY, EVIDENCE, 0.95, 9, all, null).shipment).to.equal(null);
  });

  it('ships no arm of which a guardrail was not read out', () => {
    const winner = judged.shipment!.arm;
    const [round] = EVIDENCE.rounds;
    const clicks = round!.metrics['clicks']!.filter(({ arm }) => arm !== winner);
    const rounds = [{ ...round!, metrics: { ...round!.metrics, clicks } }];
    const without = judgeArms(WORLD_STUDY, { ...EVIDENCE, rounds }, 0.95, 9, [], null);
    expect(without.arms.map(({ arm, tested }) => [arm, tested])).to.deep.equal(
      judged.arms.map(({ arm }) => [arm, arm !== winner]),
    );
    expect(without.shipment?.arm).to.not.equal(winner);
  });

  it('minimises what is to be minimised', () => {
    const online = {
      ...WORLD_STUDY.online,
      objective: { metric: 'clicks', direction: 'minimize' as const },
      guardrails: [],
    };
    const least = judgeArms({ ...WORLD_STUDY, online }, EVIDENCE, 0.95, 9, [], null);
    for (const { lift: gain, lifts } of least.arms) expect(gain).to.be.closeTo(-lifts['clicks']!.mean, 1e-12);
    // Fewest clicks by the truth.
    expect(least.shipment!.arm).to.equal('r1-1');
  });

  it('says in words why the log is no part of a model', () => {
    const { metrics } = judgeArms(WORLD_STUDY, { ...EVIDENCE, logged: [] }, 0.95, 9, [], null);
    expect(metrics[0]).to.deep.equal({
      metric: 'saves',
      offline: 'relevance',
      rounds: 1,
      correlation: null,
      evidence: null,
      used: false,
      reason: 'without the log: relevance was measured at 0 weights: expected 5 or more',
    });
    const negative = EVIDENCE.logged.map((each) => ({ ...each, metrics: { relevance: -1 } }));
    const told = judgeArms(WORLD_STUDY, { ...EVIDENCE, logged: negative }, 0.95, 9, [], null).metrics[0]!;
    expect(told.reason).to.equal('without the log: relevance is -1 at some weights: expected it above 0');
  });

  it('drops a log that does not help on the whole, for every metric, and says so', () => {
    let whole = 0;
    let though = 0;
    for (let seed = 0; seed < 12; seed++) {
      const random = randomStream(seed, 'a log of noise');
      const logged = EVIDENCE.logged.map(({ weights }) => ({
        weights,
        metrics: { relevance: Math.exp(0.1 * random.normal()), safety: Math.exp(0.1 * random.normal()) },
      }));
      const { metrics } = judgeArms(WORLD_STUDY, { ...EVIDENCE, logged }, 0.95, 9, [], null);
      const gains = metrics.map(({ evidence }) => evidence!.gain);
      const helps = gains[0]! + gains[1]! > 0;
      metrics.forEach(({ used, reason }, t) => {
        expect(used).to.equal(helps && gains[t]! > 0);
        expect(reason.startsWith('the log is dropped, as it does not help on the whole: ')).to.equal(
          !helps && gains[t]! > 0,
        );
        if (!helps && gains[t]! > 0) though++;
      });
      if (helps) whole++;
    }
    expect(whole).to.be.within(1, 11);
    expect(though).to.be.at.least(1);
  });

  it('is refused where a guardrail was not read out, or a mean is no larger than its error', () => {
    const [round] = EVIDENCE.rounds;
    const { clicks: _clicks, ...metrics } = round!.metrics;
    const without = { ...EVIDENCE, rounds: [{ ...round!, metrics }] };
    expect(() => judgeArms(WORLD_STUDY, without, 0.95, 9, [], null)).to.throw(
      'no readout has clicks, which the objective or a guardrail is of: expected it in a readout',
    );
    const saves = round!.metrics['saves']!.map((read) => ({ ...read, variance: 100 }));
    const noisy = {
      ...EVIDENCE,
      rounds: [{ ...round!, metrics: { ...metrics, saves, clicks: round!.metrics['clicks']! } }],
    };
    expect(() => judgeArms(WORLD_STUDY, noisy, 0.95, 9, [], null)).to.throw(
      /^saves of arm baseline in experiment 1 is .* ± 10: expected a mean above 0 and its standard error/,
    );
  });
});
