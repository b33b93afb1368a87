import { expect } from 'chai';
import { expectProblem } from './exchange.ts';
import {
  complete,
  createStudy,
  RELEVANCE_STUDY,
  relevanceAndSafety,
  runTrials,
  suggest,
  type TrialBody,
} from './relevance-study.ts';
import { NOW, serviceOfThisFile } from './running-service.ts';

/** What the numerics promise candidates that are evaluated at the same time, as a share of the diameter. */
const SEPARATION = 1e-3;

/** Of {w ≥ 0, Σ w = 1}. */
const DIAMETER = Math.SQRT2;

function nearestPair(trials: readonly TrialBody[]): number {
  const points = trials.map(({ weights }) => Object.values(weights));
  const distances = points.flatMap((w, i) =>
    points.slice(i + 1).map((v) => Math.hypot(...w.map((value, j) => value - v[j]!))),
  );
  return Math.min(...distances);
}

const numbers = (trials: readonly TrialBody[]): readonly number[] =>
  trials.map(({ number }) => number).sort((a, b) => a - b);

const upTo = (last: number): readonly number[] => Array.from({ length: last + 1 }, (_, i) => i);

describe('trials:suggest', () => {
  const service = serviceOfThisFile();

  it('gives the baseline first, then a candidate', async () => {
    await createStudy(service(), 'order');
    const [baseline] = await suggest(service(), 'order');
    expect(baseline).to.deep.include({
      number: 0,
      state: 'running',
      weights: RELEVANCE_STUDY.baseline.weights,
      metrics: {},
      createdAt: NOW,
      completedAt: null,
    });
    expect(baseline!.provenance.generator).to.equal('baseline');
    const [candidate] = await suggest(service(), 'order');
    expect(candidate).to.deep.include({ number: 1, state: 'running' });
    expect(candidate!.provenance.generator).to.equal('space_filling');
  });

  it('counts the baseline among the trials that one request asks for, and asks for one unless told', async () => {
    await createStudy(service(), 'counted');
    const trials = await suggest(service(), 'counted', 3);
    expect(numbers(trials)).to.deep.equal([0, 1, 2]);
    const bodiless = await service().post<{ trials: TrialBody[] }>('/v1/studies/counted/trials:suggest');
    expect(numbers(bodiless.body.trials)).to.deep.equal([3]);
  });

  it('has no baseline trial to give where the study states its metrics or has none', async () => {
    await createStudy(service(), 'stated', { baseline: { metrics: { safety: 0.8, relevance: 0.5 } } });
    await createStudy(service(), 'none', { baseline: undefined, guardrails: ['safety >= 0.7'] });
    for (const study of ['stated', 'none'])
      expect(numbers(await suggest(service(), study))).to.deep.equal([1]);
    const { body } = await service().get<TrialBody>('/v1/studies/stated/trials/0');
    expect(body).to.deep.include({ state: 'completed', weights: null });
    expectProblem(await service().get('/v1/studies/none/trials/0'), 404, 'trial_not_found');
  });

  it('gives what is left of the budget, then says that it is used up; the baseline is free', async () => {
    await createStudy(service(), 'budget', { budget: 3 });
    expect(numbers(await suggest(service(), 'budget', 10))).to.deep.equal([0, 1, 2, 3]);
    const refused = await service().post('/v1/studies/budget/trials:suggest');
    expectProblem(refused, 409, 'budget_exhausted');
    expect(refused.text).to.include(
      'its budget of 3 trials, of which 3 run and may come back: ask again later',
    );
    for (const number of [1, 2, 3]) {
      await service().post(`/v1/studies/budget/trials/${number}:fail`, { reason: 'x' });
    }
    const used = await service().post('/v1/studies/budget/trials:suggest');
    expect(used.text).to.include('its budget of 3 trials"');
  });

  for (const count of [0, -1, 1.5, 101, '3', null]) {
    it(`refuses a count of ${JSON.stringify(count)}`, async () => {
      const answer = await service().post('/v1/studies/order/trials:suggest', { count });
      expectProblem(answer, 422, 'request_invalid', '/count');
    });
  }

  it('keeps candidates that wait for results apart, whether designed or proposed by the models', async () => {
    await createStudy(service(), 'apart');
    await runTrials(service(), 'apart', 6);
    const outstanding = [
      ...(await suggest(service(), 'apart', 3)),
      ...(await suggest(service(), 'apart', 2)),
    ];
    expect(outstanding.map(({ provenance }) => provenance.generator)).to.not.include('space_filling');
    expect(nearestPair(outstanding)).to.be.at.least(SEPARATION * DIAMETER);
  });

  it('gives 16 clients that ask at once different candidates, numbered without a gap', async () => {
    await createStudy(service(), 'crowd');
    await runTrials(service(), 'crowd', 6);
    const asked = Array.from({ length: 16 }, () => suggest(service(), 'crowd'));
    const outstanding = (await Promise.all(asked)).flat();
    expect(nearestPair(outstanding)).to.be.at.least(SEPARATION * DIAMETER);
    expect(numbers(outstanding)).to.deep.equal(upTo(21).slice(6));
    const { body } = await service().get<{ trials: TrialBody[] }>('/v1/studies/crowd/trials');
    expect(numbers(body.trials)).to.deep.equal(upTo(21));
  });

  it('lets clients suggest and complete at once without losing or doubling a trial', async () => {
    await createStudy(service(), 'busy', { budget: 12 });
    const client = async (): Promise<number[]> => {
      const done: number[] = [];
      for (;;) {
        const answer = await service().post<{ trials: TrialBody[] }>('/v1/studies/busy/trials:suggest');
        if (answer.status === 409) return done;
        const [trial] = answer.body.trials;
        await complete(service(), 'busy', trial!, relevanceAndSafety(trial!.weights));
        done.push(trial!.number);
      }
    };
    const done = (await Promise.all([client(), client(), client(), client()])).flat();
    expect(done.sort((a, b) => a - b)).to.deep.equal(upTo(12));
  });

  it('stays on the sum to the last decimal that it prints', async () => {
    await createStudy(service(), 'sum');
    for (const { weights } of await suggest(service(), 'sum', 5)) {
      expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).to.be.closeTo(1, 1e-12);
    }
  });
});
