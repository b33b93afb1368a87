import { expect } from 'chai';
import type { StudyEvent } from '../../src/domain/event.ts';
import { expectProblem } from './exchange.ts';
import { complete, createStudy, relevanceAndSafety, suggest, type TrialBody } from './relevance-study.ts';
import { type RunningService, startService, temporaryDatabases } from './running-service.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const METRICS = { relevance: 0.5, safety: 0.5 };

const numbers = (trials: readonly TrialBody[]) => trials.map(({ number }) => number);

describe('what is done with a trial', () => {
  const databases = temporaryDatabases();
  let service: RunningService;
  let now = START;
  before(async () => {
    service = await startService(databases.file('trials.db'), undefined, {}, () =>
      new Date(now).toISOString(),
    );
  });
  after(async () => {
    expect(service.faults).to.deep.equal([]);
    await service.close();
    databases.remove();
  });

  const act = (study: string, number: number, verb: string, body: object = {}) =>
    service.post<TrialBody>(`/v1/studies/${study}/trials/${number}:${verb}`, body);
  const ask = async (study: string, body: object): Promise<readonly TrialBody[]> => {
    const answer = await service.post<{ trials: TrialBody[] }>(`/v1/studies/${study}/trials:suggest`, body);
    expect(answer.status, answer.text).to.equal(200);
    return answer.body.trials;
  };

  it('ends it with the state and the reason; a second time it is 409 with the state', async () => {
    await createStudy(service, 'ends', { budget: 10 });
    await suggest(service, 'ends', 6);
    for (const [i, [verb, state]] of [
      ['fail', 'failed'],
      ['infeasible', 'infeasible'],
    ].entries()) {
      const { status, body } = await act('ends', i + 1, verb!, { reason: 'the job ran out of memory' });
      expect(status).to.equal(200);
      expect(body).to.deep.include({
        number: i + 1,
        state,
        metrics: {},
        reason: 'the job ran out of memory',
      });
      expect(body.completedAt).to.equal(new Date(now).toISOString());
      expect((await service.get(`/v1/studies/ends/trials/${i + 1}`)).body).to.deep.equal(body);
      const again = expectProblem(await act('ends', i + 1, verb!), 409, 'trial_state');
      expect(again.state).to.equal(state);
      expect(again.detail).to.equal(`trial ${i + 1} is ${state}: expected a running trial`);
    }
    expect((await act('ends', 3, 'abandon')).body).to.include({ state: 'abandoned', reason: null });
    expectProblem(await act('ends', 3, 'complete', { metrics: METRICS }), 409, 'trial_state');
    expectProblem(await act('ends', 9, 'fail'), 404, 'trial_not_found');
    expectProblem(await act('nowhere', 1, 'fail'), 404, 'study_not_found');
    const { body } = await service.get<{ counts: object }>('/v1/studies/ends:report');
    expect(body.counts).to.include({ completed: 0, running: 2, failed: 1, infeasible: 1 });
  });

  it('gives back the budget of trials that are abandoned or voided, and of no others', async () => {
    await createStudy(service, 'budget', { budget: 4, baseline: undefined, guardrails: ['safety >= 0.1'] });
    await suggest(service, 'budget', 4);
    await act('budget', 1, 'fail');
    await act('budget', 2, 'infeasible');
    await complete(service, 'budget', { number: 3 }, METRICS);
    expectProblem(await service.post('/v1/studies/budget/trials:suggest'), 409, 'budget_exhausted');
    await act('budget', 4, 'abandon');
    expect(numbers(await suggest(service, 'budget', 9))).to.deep.equal([5]);
    await act('budget', 3, 'void', { reason: 'of the wrong day' });
    await act('budget', 1, 'void', { reason: 'the job was at fault' });
    expect(numbers(await suggest(service, 'budget', 9))).to.deep.equal([6, 7]);
  });

  it('proposes no weights again that failed or were infeasible', async () => {
    await createStudy(service, 'tried', { baseline: undefined, guardrails: ['safety >= 0.1'] });
    const trials = await suggest(service, 'tried', 4);
    await act('tried', 1, 'fail');
    await act('tried', 2, 'infeasible');
    for (const trial of trials.slice(2))
      await complete(service, 'tried', trial, relevanceAndSafety(trial.weights));
    const seen = [...trials];
    for (let i = 0; i < 3; i++) {
      const [next] = await suggest(service, 'tried');
      for (const { weights } of seen) expect(next!.weights).to.not.deep.equal(weights);
      await act('tried', next!.number, i === 0 ? 'fail' : 'infeasible');
      seen.push(next!);
    }
  });

  it('keeps the baseline for the next client where it is abandoned, and refuses to end it otherwise', async () => {
    await createStudy(service, 'baseline');
    const [baseline] = await ask('baseline', { clientId: 'ann' });
    expect(baseline).to.include({ number: 0, clientId: 'ann' });
    for (const verb of ['fail', 'infeasible']) {
      const { detail } = expectProblem(await act('baseline', 0, verb), 409, 'trial_state');
      expect(detail).to.equal(
        'trial 0 is the baseline, which all others are compared with: expected ":complete", or ":abandon" for the next client',
      );
    }
    expect((await act('baseline', 0, 'abandon')).body).to.include({ state: 'running', clientId: null });
    const [again] = await ask('baseline', { clientId: 'bob' });
    expect(again).to.deep.include({ number: 0, clientId: 'bob', weights: baseline!.weights });
    const half = await act('baseline', 0, 'complete', { metrics: { relevance: 1, safety: null } });
    expectProblem(half, 422, 'metrics_invalid', '/metrics/safety');
    await act('baseline', 0, 'complete', { metrics: METRICS });
    const { detail } = expectProblem(await act('baseline', 0, 'void', { reason: 'x' }), 409, 'trial_state');
    expect(detail).to.contain('expected ":correct" with what is right');
    expect(
      (await act('baseline', 0, 'correct', { metrics: { relevance: 2, safety: 1 }, reason: 'x' })).body
        .metrics,
    ).to.deep.equal({
      relevance: { mean: 2, sem: null },
      safety: { mean: 1, sem: null },
    });
  });

  it('takes null for a metric that was not measured, and the models learn from the others', async () => {
    await createStudy(service, 'partial', { baseline: undefined, guardrails: ['safety >= 0.4'] });
    const trials = await suggest(service, 'partial', 4);
    for (const trial of trials.slice(0, 3)) {
      await complete(service, 'partial', trial, relevanceAndSafety(trial.weights));
    }
    const path = `/v1/studies/partial/trials/${trials[3]!.number}:complete`;
    const lacking = expectProblem(
      await service.post(path, { metrics: { relevance: 1 } }),
      422,
      'metrics_invalid',
      '/metrics',
    );
    expect(lacking.detail).to.equal('lacks safety: expected relevance, safety');
    const nothing = await service.post(path, { metrics: { relevance: null, safety: null } });
    expectProblem(nothing, 422, 'metrics_invalid', '/metrics');
    const { body } = await service.post<TrialBody>(path, {
      metrics: { relevance: { mean: 9, n: 4000 }, safety: null },
    });
    expect(body.metrics).to.deep.equal({ relevance: { mean: 9, sem: null, n: 4000 } });
    const { body: model } = await service.get<{ metrics: Record<string, { observations: number }> }>(
      '/v1/studies/partial/model',
    );
    expect(model.metrics['relevance']!.observations).to.equal(4);
    expect(model.metrics['safety']!.observations).to.equal(3);
    const { body: best } = await service.get<{ trial: TrialBody }>('/v1/studies/partial/trials:best');
    expect(best.trial.number, 'what lacks a guardrail’s metric is not known to be feasible').to.not.equal(
      trials[3]!.number,
    );
    expect(await suggest(service, 'partial')).to.have.length(1);
  });

  it('gives a client its own trials again, and those of others when their lease has expired', async () => {
    await createStudy(service, 'leases', { baseline: undefined, guardrails: ['safety >= 0.1'] });
    const ann = { clientId: 'ann', leaseSeconds: 60 };
    const first = await ask('leases', { ...ann, count: 2 });
    expect(first[0]).to.include({ clientId: 'ann', leaseExpiresAt: new Date(now + 60_000).toISOString() });
    expect(numbers(await ask('leases', { ...ann, count: 3 })), 'own first, then new').to.deep.equal([
      1, 2, 3,
    ]);
    expect(numbers(await ask('leases', { clientId: 'bob', count: 1, leaseSeconds: 60 }))).to.deep.equal([4]);
    now += 59_999;
    const beat = await act('leases', 2, 'heartbeat', { clientId: 'ann', leaseSeconds: 60 });
    expect(beat.body.leaseExpiresAt).to.equal(new Date(now + 60_000).toISOString());
    now += 1;
    const handed = await ask('leases', { clientId: 'bob', count: 3, leaseSeconds: 600 });
    expect(numbers(handed), 'bob’s own, then ann’s but for the one that beats').to.deep.equal([4, 1, 3]);
    expect(handed[1]).to.deep.include({ clientId: 'bob', weights: first[0]!.weights });
    const lost = await act('leases', 1, 'heartbeat', { clientId: 'ann' });
    expect(expectProblem(lost, 409, 'lease_lost', '/clientId').detail).to.equal(
      'trial 1 belongs to another client: expected the client that was given it last',
    );
    const late = await act('leases', 1, 'complete', { metrics: METRICS });
    expect(late.body, 'a late completion is accepted').to.include({ state: 'completed', clientId: 'bob' });
    expectProblem(await act('leases', 1, 'complete', { metrics: METRICS }), 409, 'trial_state');
  });

  it('loses and doubles nothing where the clock goes backwards', async () => {
    await createStudy(service, 'backwards', { baseline: undefined, guardrails: ['safety >= 0.1'] });
    const asked = { clientId: 'ann', leaseSeconds: 60 };
    const [trial] = await ask('backwards', asked);
    now -= 3_600_000;
    const kept = await ask('backwards', asked);
    expect(kept[0], 'no lease gets shorter').to.include({ number: 1, leaseExpiresAt: trial!.leaseExpiresAt });
    expect(numbers(await ask('backwards', { clientId: 'bob' })), 'ann’s is not given away').to.deep.equal([
      2,
    ]);
    expect((await complete(service, 'backwards', trial!, METRICS)).state).to.equal('completed');
    now += 3_600_000;
  });

  it('corrects a completed trial, with what it was in the log', async () => {
    await createStudy(service, 'corrected', { baseline: undefined, guardrails: ['safety >= 0.1'] });
    const [trial] = await suggest(service, 'corrected');
    await complete(service, 'corrected', trial!, METRICS);
    expectProblem(
      await act('corrected', 1, 'correct', { metrics: METRICS }),
      422,
      'request_invalid',
      '/reason',
    );
    const { body } = await act('corrected', 1, 'correct', {
      metrics: { relevance: 0.25, safety: { mean: 0.75 } },
      reason: 'a bot was counted',
    });
    expect(body).to.deep.include({
      state: 'completed',
      metrics: { relevance: { mean: 0.25, sem: null }, safety: { mean: 0.75, sem: null } },
    });
    const { body: log } = await service.get<{ events: StudyEvent[] }>('/v1/studies/corrected/events');
    expect(log.events.at(-1)).to.deep.include({
      kind: 'trial_corrected',
      trial: 1,
      actor: 'local',
      payload: {
        reason: 'a bot was counted',
        before: { relevance: { mean: 0.5, sem: null }, safety: { mean: 0.5, sem: null } },
        metrics: { relevance: { mean: 0.25, sem: null }, safety: { mean: 0.75, sem: null } },
      },
    });
  });

  it('keeps notes beside it, in any state', async () => {
    await createStudy(service, 'noted');
    await suggest(service, 'noted');
    const path = '/v1/studies/noted/trials/0/notes';
    const { status, body } = await service.post(path, { text: 'ran on the old cluster' });
    expect(status).to.equal(201);
    expect(body).to.deep.include({ number: 1, author: 'local', text: 'ran on the old cluster' });
    await service.post(path, { text: 'again' });
    const { body: list } = await service.get<{ notes: { text: string }[] }>(path);
    expect(list.notes.map(({ text }) => text)).to.deep.equal(['ran on the old cluster', 'again']);
    expectProblem(await service.post(path, { text: '' }), 422, 'request_invalid', '/text');
    expectProblem(
      await service.post('/v1/studies/noted/trials/7/notes', { text: 'x' }),
      404,
      'trial_not_found',
    );
    expectProblem(await service.get('/v1/studies/noted/trials/7/notes'), 404, 'trial_not_found');
  });

  for (const [verb, body, pointer] of [
    ['fail', { reason: 7 }, '/reason'],
    ['fail', { why: 'x' }, '/why'],
    ['infeasible', { reason: 'x'.repeat(1001) }, '/reason'],
    ['abandon', { reason: 'x' }, '/reason'],
    ['void', {}, '/reason'],
    ['heartbeat', { leaseSeconds: 0 }, '/leaseSeconds'],
    ['heartbeat', { clientId: 'a b' }, '/clientId'],
  ] as const) {
    it(`refuses :${verb} with ${JSON.stringify(body).slice(0, 40)}`, async () => {
      expectProblem(await act('ends', 4, verb, body), 422, 'request_invalid', pointer);
    });
  }
});
