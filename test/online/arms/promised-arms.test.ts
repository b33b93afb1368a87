import { expect } from 'chai';
import { contains } from '../../../math/polytope/polytope.ts';
import { randomStream } from '../../../math/random.ts';
import type { Weights } from '../../../src/domain/trial.ts';
import type { OnlineEvidence } from '../../../src/online/arms/online-evidence.ts';
import { promisedArms } from '../../../src/online/arms/promised-arms.ts';
import { loggedMetric } from '../../../src/online/transfer/logged-metric.ts';
import { placed, placeOn } from '../../../src/online/transfer/place-weights.ts';
import { promisedLifts } from '../../../src/online/transfer/promised-lifts.ts';
import { sampleLifts } from '../../../src/online/transfer/sample-lifts.ts';
import { encodeStudy, toVector } from '../../../src/optimizer/encode.ts';
import { BASELINE_WEIGHTS, EVIDENCE, trueClicks, trueSaves, WORLD_STUDY } from './online-world.ts';

const encoding = encodeStudy(WORLD_STUDY);
const spreads = { a: 0.2, b: 0.1, c: 0.1 };
/** The log knows the baseline, and the metrics themselves. */
const LOG: OnlineEvidence = {
  rounds: [],
  spreads,
  logged: [BASELINE_WEIGHTS, ...EVIDENCE.logged.map(({ weights }) => weights)].map((weights) => ({
    weights,
    metrics: { relevance: trueSaves(weights), safety: trueClicks(weights) },
  })),
};
const SPREAD_NOTE =
  'no log at hand told how far each head’s probabilities spread: the models take a unit of every weight to move the utility alike';
const without = (name: 'relevance' | 'safety', value?: number) => ({
  ...LOG,
  logged: LOG.logged.map(({ weights, metrics: { [name]: _left, ...metrics } }) => ({
    weights,
    metrics: { ...metrics, ...(value !== undefined && { [name]: value }) } as Record<string, number>,
  })),
});
const none = (why: string) => ({ arms: [], notes: [`no arm is promised by the log: ${why}`] });
const chosen = (evidence: OnlineEvidence, count = 3, seed = 1, given: readonly Weights[] = []) =>
  promisedArms(WORLD_STUDY, evidence, BASELINE_WEIGHTS, given, count, seed);

/** Draws of a metric's lifts by the log if it can be trusted, from its definition. */
function drawsOf(offline: string, points: readonly Weights[], seed: number): Float64Array {
  const place = placeOn(encoding.polytope, [0.2, 0.1, 0.1]);
  const log = loggedMetric(encoding, place, LOG, offline);
  if (typeof log === 'string') throw new Error(log);
  const model = promisedLifts(offline, log, place(toVector(encoding, BASELINE_WEIGHTS)));
  const X = placed(
    points.map((weights) => toVector(encoding, weights)),
    place,
  );
  return sampleLifts(model, X, 2000, randomStream(seed, 'check', offline));
}

describe('promisedArms', () => {
  it('gain and keep the guardrails in most draws of what the log promises, within the polytope', () => {
    for (const seed of [1, 2, 3]) {
      const { arms, notes } = chosen(LOG, 3, seed);
      expect(notes).to.deep.equal([]);
      expect(arms).to.have.lengthOf(3);
      const points = arms.map(({ weights }) => weights);
      const saves = drawsOf('relevance', points, seed);
      const clicks = drawsOf('safety', points, seed);
      arms.forEach(({ weights, generator, reason }, i) => {
        expect(contains(encoding.polytope, toVector(encoding, weights))).to.equal(true);
        expect(generator).to.equal('promised_by_log');
        expect(reason).to.equal('adds most to the expected gain of the batch, if the log can be trusted');
        const share = (draws: Float64Array, holds: (lift: number) => boolean): number =>
          draws.filter((lift, at) => at % 3 === i && holds(lift)).length / 2000;
        expect(share(clicks, (lift) => lift >= -0.03)).to.be.above(0.5);
        expect(share(saves, (lift) => lift > 0)).to.be.above(0.5);
      });
    }
  });

  it('are the same by seed, and others by another', () => {
    expect(chosen(LOG)).to.deep.equal(chosen(LOG));
    expect(chosen(LOG, 3, 2).arms).to.not.deep.equal(chosen(LOG).arms);
  });

  it('leave out arms that are given, and the baseline', () => {
    const [first] = chosen(LOG).arms;
    const { arms } = chosen(LOG, 3, 1, [first!.weights]);
    expect(arms.map(({ weights }) => weights)).to.not.deep.include(first!.weights);
    expect(arms.map(({ weights }) => weights)).to.not.deep.include(BASELINE_WEIGHTS);
    expect(chosen(LOG, 0)).to.deep.equal({ arms: [], notes: [] });
  });

  it('lie at the other end where the objective is to be minimised', () => {
    const online = {
      ...WORLD_STUDY.online,
      objective: { metric: 'saves', direction: 'minimize' as const },
      guardrails: [],
    };
    const { arms } = promisedArms({ ...WORLD_STUDY, online }, LOG, BASELINE_WEIGHTS, [], 3, 1);
    const fewer = arms.map(({ weights }) => trueSaves(weights) < trueSaves(BASELINE_WEIGHTS));
    expect(fewer).to.deep.equal([true, true, true]);
  });

  it('say that weights were taken alike where no log told the spreads', () => {
    const { arms, notes } = chosen({ ...LOG, spreads: null });
    expect(arms).to.have.lengthOf(3);
    expect(notes).to.deep.equal([SPREAD_NOTE]);
  });

  it('do without a guardrail of which the log is of no use, and say so', () => {
    const { arms, notes } = chosen(without('safety', 0));
    expect(arms).to.have.lengthOf(3);
    expect(notes).to.deep.equal([
      'arms that the log promises are chosen without clicks: safety is 0 at some weights: expected it above 0',
    ]);
  });

  it('are none, with the reason, where the log does not know the objective or the baseline', () => {
    const { saves: _saves, ...metrics } = WORLD_STUDY.online.metrics;
    const online = { ...WORLD_STUDY.online, metrics: { ...metrics, saves: { kind: 'volume' as const } } };
    expect(promisedArms({ ...WORLD_STUDY, online }, LOG, BASELINE_WEIGHTS, [], 3, 1)).to.deep.equal(
      none('the study names no metric of the log for saves'),
    );
    expect(chosen(without('relevance'))).to.deep.equal(
      none('relevance was measured at 0 weights: expected 5 or more'),
    );
    expect(chosen(without('relevance', -1))).to.deep.equal(
      none('relevance is -1 at some weights: expected it above 0'),
    );
    expect(chosen({ ...LOG, logged: LOG.logged.slice(1) })).to.deep.equal(
      none('relevance of the baseline was not measured'),
    );
  });
});
