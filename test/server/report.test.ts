import { expect } from 'chai';
import type { StudyReport } from '../../src/optimizer/study-report.ts';
import type { TrialReport } from '../../src/optimizer/trial-report.ts';
import {
  BEST_FRESH,
  BEST_RELEVANCE,
  complete,
  createStudy,
  RELEVANCE_STUDY,
  relevanceAndSafety,
  runTrials,
  suggest,
  type TrialBody,
} from './relevance-study.ts';
import { serviceOfThisFile } from './running-service.ts';

const NOISY = { metrics: { relevance: { noise: 'known' }, safety: { noise: 'known' } } } as const;

describe('the report of a study', () => {
  const service = serviceOfThisFile();
  const report = async (study: string): Promise<StudyReport> => {
    const { status, text, body } = await service().get<StudyReport>(`/v1/studies/${study}:report`);
    expect(status, text).to.equal(200);
    return body;
  };
  const best = async (study: string): Promise<TrialReport> => (await report(study)).best!;

  it('has nothing to show before anything is measured', async () => {
    await createStudy(service(), 'nothing', { budget: 5 });
    const waitingFor = 'the baseline (trial 0) is not measured yet';
    const empty = { study: 'nothing', seed: 7, budget: 5, waitingFor, best: null };
    const counts = { completed: 0, running: 0, failed: 0, infeasible: 0, feasible: null };
    expect(await report('nothing')).to.deep.equal({ ...empty, counts });
    await suggest(service(), 'nothing', 3);
    expect(await report('nothing')).to.deep.equal({ ...empty, counts: { ...counts, running: 2 } });
  });

  it('is unknown while the baseline that guardrails need is not measured', async () => {
    await createStudy(service(), 'unmeasured');
    const [, candidate] = await suggest(service(), 'unmeasured', 2);
    await complete(service(), 'unmeasured', candidate!, { relevance: 1, safety: 1 });
    expect(await report('unmeasured')).to.deep.include({
      counts: { completed: 1, running: 0, failed: 0, infeasible: 0, feasible: null },
      waitingFor: 'the baseline (trial 0) is not measured yet',
      best: null,
    });
    const [later] = await suggest(service(), 'unmeasured', 9).then((trials) => trials.slice(-1));
    expect(later!.provenance.reason).to.equal('the baseline (trial 0) is not measured yet');
  });

  it('says that no trial is completed where nothing else is wanting, and nothing once there is a best', async () => {
    const bare = { guardrails: ['safety >= 0.1'], baseline: undefined };
    await createStudy(service(), 'bare', bare);
    expect((await report('bare')).waitingFor).to.equal('no trial with weights is completed yet');
    const [trial] = await suggest(service(), 'bare', 1);
    await complete(service(), 'bare', trial!, { relevance: 1, safety: 1 });
    expect((await report('bare')).waitingFor).to.equal(null);

    await createStudy(service(), 'bare-pareto', {
      ...bare,
      objective: undefined,
      objectives: ['maximize relevance', 'maximize safety'],
    });
    expect(await report('bare-pareto')).to.include({
      waitingFor: 'no trial with weights is completed yet',
      pareto: null,
    });
  });

  it('says where the own observation of every noisy trial clearly violates a guardrail', async () => {
    const study = { ...NOISY, guardrails: ['safety >= 2'], baseline: undefined };
    await createStudy(service(), 'violating', study);
    const [trial] = await suggest(service(), 'violating', 1);
    const measured = { mean: 1, sem: 0.1 };
    await complete(service(), 'violating', trial!, { relevance: measured, safety: measured });
    expect(await report('violating')).to.include({
      waitingFor: 'the own observation of every trial clearly violates a guardrail',
      best: null,
    });
  });

  it('is the baseline while only that is measured, noise-free or noisy', async () => {
    await createStudy(service(), 'alone');
    await runTrials(service(), 'alone', 1);
    expect(await best('alone')).to.deep.include({ number: 0, rule: 'best-feasible', feasible: true });
    expect((await report('alone')).counts).to.deep.equal({
      completed: 0,
      running: 0,
      failed: 0,
      infeasible: 0,
      feasible: 0,
    });

    await createStudy(service(), 'alone-noisy', NOISY);
    const [baseline] = await suggest(service(), 'alone-noisy');
    await complete(service(), 'alone-noisy', baseline!, {
      relevance: { mean: 1, sem: 0.1 },
      safety: { mean: 1, sem: 0.1 },
    });
    expect((await best('alone-noisy')).number).to.equal(0);
  });

  it('is the least violating trial, said to be infeasible, while none meets the guardrails', async () => {
    await createStudy(service(), 'infeasible', { guardrails: ['safety >= 2'], baseline: undefined });
    const trials = await suggest(service(), 'infeasible', 3);
    for (const [i, trial] of trials.entries()) {
      await complete(service(), 'infeasible', trial, { relevance: 9 - i, safety: i === 1 ? 1.5 : 1 });
    }
    expect(await best('infeasible')).to.deep.include({ number: 2, rule: 'least-violating', feasible: false });
    const [guardrail] = (await best('infeasible')).guardrails;
    expect(guardrail).to.deep.equal({
      guardrail: 'safety >= 2',
      metric: 'safety',
      relation: '>=',
      bound: 2,
      value: 1.5,
      slack: -0.5,
      met: false,
      margin: null,
      binds: false,
      probability: null,
    });
  });

  it('is the best observed value where metrics are exact, with its change against the baseline', async () => {
    await createStudy(service(), 'exact');
    const trials = await suggest(service(), 'exact', 4);
    const values = [0.5, 0.9, 0.75, 0.6];
    for (const [i, trial] of trials.entries()) {
      await complete(service(), 'exact', trial, { relevance: values[i], safety: i === 1 ? 0.4 : 0.5 });
    }
    expect(await best('exact')).to.deep.include({ number: 2, rule: 'best-feasible', feasible: true });
    const { metrics } = await best('exact');
    expect(Object.keys(metrics)).to.deep.equal(['relevance', 'safety']);
    expect(metrics['relevance']).to.deep.equal({
      direction: 'maximize',
      baseline: 0.5,
      value: 0.75,
      posterior: null,
      observed: { value: 0.75, sem: null, baseline: 0.5 },
      change: 0.25,
      relativeChange: 0.5,
      changeSem: null,
      relativeChangeSem: null,
    });
    expect((await report('exact')).counts).to.deep.equal({
      completed: 3,
      running: 0,
      failed: 0,
      infeasible: 0,
      feasible: 2,
    });
  });

  it('is the best posterior mean where metrics are noisy: one lucky observation does not win', async () => {
    await createStudy(service(), 'lucky', { ...NOISY, guardrails: ['safety >= 0.2'], initialTrials: 9 });
    const lucky = 9;
    for (const trial of await suggest(service(), 'lucky', 10)) {
      const { relevance } = relevanceAndSafety(trial.weights);
      const noisy = trial.number === lucky ? { mean: 1.5, sem: 1 } : { mean: relevance, sem: 0.01 };
      await complete(service(), 'lucky', trial, { relevance: noisy, safety: { mean: 0.9, sem: 0.01 } });
    }
    const { number, rule, feasible, metrics, guardrails } = await best('lucky');
    expect({ rule, feasible }).to.deep.equal({ rule: 'best-posterior-mean', feasible: true });
    expect(number).to.not.equal(lucky);
    expect(metrics['safety']!.observed).to.include({ value: 0.9, sem: 0.01 });
    expect(metrics['safety']!.value).to.equal(metrics['safety']!.posterior!.mean);
    expect(metrics['relevance']!.posterior!.stddev).to.be.within(0, 0.01);
    expect(guardrails[0]!.probability).to.be.within(0.999, 1);
  });

  it('comes near the true optimum, which the guardrail cuts off, in 15 trials', async () => {
    await createStudy(service(), 'whole', { budget: 15 });
    await runTrials(service(), 'whole', 16);
    const { weights, feasible, metrics, guardrails } = await best('whole');
    expect(feasible).to.equal(true);
    expect(metrics['relevance']!.value).to.be.within(BEST_RELEVANCE - 0.005, BEST_RELEVANCE + 1e-9);
    expect(metrics['relevance']!.baseline).to.equal(
      relevanceAndSafety(RELEVANCE_STUDY.baseline.weights).relevance,
    );
    expect(weights['fresh']).to.be.within(BEST_FRESH - 0.05, BEST_FRESH);
    expect(guardrails[0]!.slack).to.be.at.least(0);

    const { body } = await service().get<{ trials: TrialBody[] }>('/v1/studies/whole/trials');
    expect(body.trials.map(({ number }) => number)).to.deep.equal(Array.from({ length: 16 }, (_, i) => i));
    const proposed = body.trials.filter(({ provenance }) => provenance.generator.startsWith('log_'));
    expect(proposed).to.have.length(11);
    for (const { provenance } of proposed) {
      expect(provenance.feasibility[0]!.probability).to.be.within(0, 1);
      expect(provenance.predictions).to.have.all.keys('relevance', 'safety');
    }
  });
});
