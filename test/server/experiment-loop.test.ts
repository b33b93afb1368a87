import { expect } from 'chai';
import type { z } from 'zod';
import {
  analysisResourceSchema,
  nextStepSchema,
  planResourceSchema,
} from '../../src/server/analysis-resources.ts';
import {
  experimentResourceSchema,
  experimentsResourceSchema,
  readoutsResourceSchema,
} from '../../src/server/experiment-resources.ts';
import {
  createOnlineStudy,
  type ExperimentBody,
  planRound,
  readoutOf,
  trueSavesAndClicks,
  USERS,
} from './online-study.ts';
import { RELEVANCE_STUDY } from './relevance-study.ts';
import { NOW, serviceOfThisFile } from './running-service.ts';

/** Sums and quotients of a few numbers. */
const ROUNDING = 1e-12;
/** Φ⁻¹(1 − 0.05/(2·5)) = Φ⁻¹(0.995), to the digits of tables. */
const BONFERRONI_OF_FIVE = 2.575829304;

type Analysis = z.output<typeof analysisResourceSchema>;
type NextStep = z.output<typeof nextStepSchema>;
type Plan = z.output<typeof planResourceSchema>;

/** By the truth. */
function trueLift(
  arm: { readonly weights: Readonly<Record<string, number>> },
  metric: 'saves' | 'clicks',
): number {
  const { weights } = RELEVANCE_STUDY.baseline;
  return trueSavesAndClicks(arm.weights)[metric] / trueSavesAndClicks(weights)[metric] - 1;
}

describe('two rounds of experiments over REST', () => {
  const service = serviceOfThisFile();
  const rounds: ExperimentBody[] = [];
  const readouts: ReturnType<typeof readoutOf>[] = [];
  const study = '/v1/studies/loop';

  async function get<Body>(path: string): Promise<Body> {
    const answer = await service().get<Body>(`${study}${path}`);
    expect(answer.status, answer.text).to.equal(200);
    return answer.body;
  }

  async function plan(body: object): Promise<Plan> {
    const answer = await service().post<Plan>(`${study}/experiments:plan`, body);
    expect(answer.status, answer.text).to.equal(200);
    return planResourceSchema.parse(answer.body);
  }

  before(async () => {
    await createOnlineStudy(service(), 'loop', 14);
  });

  it('begin with arms that fill the space and what the log promises, as it was recommended', async () => {
    const advice = nextStepSchema.parse(await get<NextStep>('/experiments:recommend?arms=5'));
    expect(advice).to.include({
      action: 'run',
      round: 1,
      roundsLeft: 2,
      gainAfterNextRound: null,
      weights: null,
    });
    expect(advice.reasons).to.deep.equal([
      'No experiment was read out: nothing is known of any arm on live traffic.',
    ]);
    const round = await planRound(service(), 'loop', { units: 6 * USERS });
    experimentResourceSchema.parse(round);
    expect(round).to.include({ number: 1, name: 'loop-1', state: 'planned' });
    const [baseline, ...arms] = round.arms;
    expect(baseline).to.deep.include({ name: 'baseline', weights: RELEVANCE_STUDY.baseline.weights });
    expect(arms.map(({ name, weights }) => ({ name, weights }))).to.deep.equal(
      advice.arms.map(({ name, weights }) => ({ name, weights })),
    );
    expect(arms.map(({ generator }) => generator))
      .to.include('space_filling')
      .and.include('promised_by_log');
    expect(round.arms.reduce((sum, { share }) => sum + share, 0)).to.be.closeTo(1, ROUNDING);
    rounds.push(round);
    const waiting = await get<NextStep>('/experiments:recommend');
    expect(waiting).to.include({ action: 'wait', round: 1 });
  });

  it('are analysed as the delta method says by hand, with the covariance of the shared control', async () => {
    readouts.push(readoutOf(rounds[0]!.arms, 11));
    const answer = await service().post(`${study}/experiments/1/readouts`, { readout: readouts[0] });
    expect(answer.status, answer.text).to.equal(201);
    const analysis = analysisResourceSchema.parse(
      await get<Analysis>('/experiments/1:analyse?correction=bonferroni'),
    );
    expect(analysis.intervals).to.equal('one look');
    expect(analysis.experiment.state).to.equal('read_out');
    const { arms } = readouts[0]!.metrics.saves;
    const { mean: c, sem: s } = arms['baseline']!;
    const [saves, clicks] = analysis.metrics;
    saves!.arms.forEach(({ arm, lift, standardError, lower }, i) => {
      const { mean: t, sem } = arms[arm]!;
      expect(lift).to.be.closeTo(t / c - 1, ROUNDING);
      const error = (t / c) * Math.hypot(sem / t, s / c);
      expect(standardError).to.be.closeTo(error, ROUNDING);
      expect(lower).to.be.closeTo(lift - BONFERRONI_OF_FIVE * error, 1e-9 * error + ROUNDING);
      saves!.arms.forEach((other, j) => {
        const shared = (t * arms[other.arm]!.mean * s ** 2) / c ** 4;
        if (i !== j) expect(saves!.covariance[i]![j]).to.be.closeTo(shared, ROUNDING);
      });
    });
    const ofClicks = readouts[0]!.metrics.clicks.arms;
    for (const { arm, slack, verdict } of analysis.guardrails) {
      const [t, b] = [ofClicks[arm]!, ofClicks['baseline']!];
      const estimate = t.mean - 0.95 * b.mean;
      const error = Math.hypot(t.sem, 0.95 * b.sem);
      expect(slack.estimate).to.be.closeTo(estimate, ROUNDING);
      expect(slack.standardError).to.be.closeTo(error, ROUNDING);
      const z = estimate / error;
      expect(verdict).to.equal(
        z >= BONFERRONI_OF_FIVE ? 'shown not worse' : z < -BONFERRONI_OF_FIVE ? 'worse' : 'not shown worse',
      );
    }
    expect(clicks!.scale).to.equal('relative');
    expect(saves!.shrunk).to.have.lengthOf(5);
  });

  it('give a joint posterior that knows what the log is worth, metric by metric', async () => {
    const { posterior } = await get<Analysis>('/experiments/1:analyse');
    expect(posterior!.transfer.map(({ metric, offline }) => [metric, offline])).to.deep.equal([
      ['saves', 'relevance'],
      ['clicks', 'safety'],
    ]);
    for (const { correlation, evidence, used, reason } of posterior!.transfer) {
      expect(correlation!.mean).to.be.within(correlation!.lower, correlation!.upper);
      expect(used).to.equal(evidence!.gain > 0);
      expect(reason).to.match(
        /^(with the log|the log is dropped): the arms are foretold (no )?better with the log, by /,
      );
    }
    expect(posterior!.transfer.some(({ used }) => used)).to.equal(true);
    for (const { arm, lifts, lift } of posterior!.arms) {
      const truth = rounds[0]!.arms.find(({ name }) => name === arm)!;
      expect(lift).to.equal(lifts['saves']!.mean);
      // Five posterior standard deviations: one fixed seed, ten of them.
      for (const metric of ['saves', 'clicks'] as const) {
        const { mean, stddev } = lifts[metric]!;
        expect(Math.abs(mean - trueLift(truth, metric))).to.be.below(5 * stddev);
      }
    }
  });

  it('plan by what arms can show and by what the models expect to gain, side by side', async () => {
    const { plans, metrics, armsThatFit, armsThatGain, withoutGain } = await plan({
      unitsPerDay: 10_000,
      days: 14,
      mostArms: 4,
      control: 'sharpest',
      metrics: { saves: { relevantEffect: 0.05 } },
    });
    expect(metrics.map(({ name, source }) => [name, source])).to.deep.equal([
      ['saves', 'last experiment'],
      ['clicks', 'last experiment'],
    ]);
    expect(plans.map(({ arms }) => arms)).to.deep.equal([1, 2, 3, 4]);
    expect(withoutGain).to.equal(null);
    expect(plans[armsThatGain! - 1]!.gain!.mean).to.equal(Math.max(...plans.map(({ gain }) => gain!.mean)));
    expect(armsThatFit).to.be.within(0, 4);
    const [saves] = metrics;
    const { controlUnits, armUnits, critical, metrics: shown } = plans[1]!;
    expect(controlUnits + 2 * armUnits).to.be.closeTo(140_000, 1e-6);
    // Φ⁻¹(0.8) = 0.8416212336.
    const effect = (critical + 0.8416212336) * saves!.stddev * Math.sqrt(1 / controlUnits + 1 / armUnits);
    expect(shown[0]!.relative).to.be.closeTo(effect / saves!.mean, 1e-9);
  });

  it('go on with the arms that were recommended by name, and ship one that truly gains and keeps the guardrail', async () => {
    const advice = nextStepSchema.parse(await get<NextStep>('/experiments:recommend'));
    expect(advice.action, advice.reasons.join(' ')).to.equal('run');
    expect(advice.arms.map(({ name }) => name)).to.deep.equal(['r2-1', 'r2-2', 'r2-3', 'r2-4', 'r2-5']);
    expect(advice.furtherGain).to.be.above(advice.relevantGain);
    const round = await planRound(service(), 'loop', { arms: 5 });
    expect(round.arms.slice(1).map(({ weights }) => weights)).to.deep.equal(
      advice.arms.map(({ weights }) => weights),
    );
    expect(round.provenance.readouts).to.deep.equal([{ experiment: 1, revision: 1 }]);
    rounds.push(round);
    // Another season: saves are a third more, and lifts are not.
    const answer = await service().post(`${study}/experiments/2/readouts`, {
      readout: readoutOf(round.arms, 12, 4 / 3),
    });
    expect(answer.status, answer.text).to.equal(201);
    const last = nextStepSchema.parse(await get<NextStep>('/experiments:recommend'));
    expect(last.action, last.reasons.join(' ')).to.equal('ship');
    expect(last.roundsLeft).to.equal(0);
    const shipped = round.arms.find(({ name }) => name === last.arm)!;
    expect(last.weights).to.deep.equal(shipped.weights);
    expect(trueLift(shipped, 'saves')).to.be.above(0.01);
    expect(trueLift(shipped, 'clicks')).to.be.above(-0.05);
    expect(last.reasons[0]).to.match(new RegExp(`^${last.arm} gains \\+`));
    const evidence = last.evidence.find(({ arm }) => arm === last.arm)!;
    expect(evidence.feasible).to.be.at.least(0.95);
    const allowed = last.evidence.filter(
      ({ feasible, guardrails }) =>
        feasible >= 0.95 && guardrails.every(({ verdict }) => verdict !== 'worse'),
    );
    expect(evidence.lift).to.equal(Math.max(...allowed.map(({ lift }) => lift)));
    const { posterior } = await get<Analysis>('/experiments/2:analyse');
    expect(posterior!.shipment!.arm).to.equal(last.arm);
    expect(posterior!.shipment!.expectedLift).to.be.closeTo(evidence.lift, ROUNDING);
  });

  it('are the same to the digit when they are asked again, and look no further than they should', async () => {
    expect(await get('/experiments:recommend')).to.deep.equal(await get('/experiments:recommend'));
    const { experiments } = experimentsResourceSchema.parse(await get('/experiments'));
    expect(experiments.map(({ number, state }) => [number, state])).to.deep.equal([
      [1, 'read_out'],
      [2, 'read_out'],
    ]);
    const { posterior } = await get<Analysis>('/experiments/1:analyse');
    expect(new Set(posterior!.arms.map(({ experiment }) => experiment))).to.deep.equal(new Set([1]));
    const { readouts: history } = readoutsResourceSchema.parse(await get('/experiments/2/readouts'));
    expect(history.map(({ revision, importedAt }) => [revision, importedAt])).to.deep.equal([[1, NOW]]);
  });

  it('leave events', async () => {
    const { events } = await get<{ events: { kind: string; payload: object }[] }>('/events?pageSize=1000');
    const told = events.filter(({ kind }) => /experiment|readout/.test(kind));
    expect(told.map(({ kind, payload }) => ({ kind, ...payload }))).to.deep.equal([
      { kind: 'experiment_created', experiment: 1, arms: rounds[0]!.arms.map(({ name }) => name) },
      { kind: 'readout_imported', experiment: 1, revision: 1, forced: [] },
      { kind: 'experiment_created', experiment: 2, arms: rounds[1]!.arms.map(({ name }) => name) },
      { kind: 'readout_imported', experiment: 2, revision: 1, forced: [] },
    ]);
  });

  it('may be followed by one more than the study says of, which is noted', async () => {
    expect(rounds.flatMap(({ provenance }) => provenance.notes).join()).not.to.include('one more');
    const { provenance } = await planRound(service(), 'loop', { arms: 1 });
    expect(provenance.notes).to.include(
      'the study says of 2 rounds of experiments (online.rounds), and 2 were read out: this is one more',
    );
  });
});
