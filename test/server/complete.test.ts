import { expect } from 'chai';
import { expectProblem } from './exchange.ts';
import { createStudy, suggest, type TrialBody } from './relevance-study.ts';
import { NOW, serviceOfThisFile } from './running-service.ts';

const withSem = (sem: number) => ({
  metrics: { relevance: { mean: 1, sem: 0.5 }, safety: { mean: 1, sem } },
});

describe('trials/{n}:complete', () => {
  const service = serviceOfThisFile();
  const refused: readonly [string, unknown, string][] = [
    ['without metrics', {}, '/metrics'],
    ['without a body', undefined, '/metrics'],
    ['without one that the study needs', { metrics: { relevance: 1 } }, '/metrics'],
    [
      'with a metric that the study does not know',
      { metrics: { relevance: 1, safety: 1, joy: 1 } },
      '/metrics/joy',
    ],
    ['with a metric that is no name', { metrics: { relevance: 1, safety: 1, 'a b': 1 } }, '/metrics/a b'],
    ['with text for a number', { metrics: { relevance: '1', safety: 1 } }, '/metrics/relevance'],
    ['with null for a number', { metrics: { relevance: null, safety: 1 } }, '/metrics/relevance'],
    [
      'with a negative sem',
      { metrics: { relevance: { mean: 1, sem: -1 }, safety: 1 } },
      '/metrics/relevance/sem',
    ],
    [
      'with a key that observations do not have',
      { metrics: { relevance: { mean: 1, sd: 1 }, safety: 1 } },
      '/metrics/relevance/sd',
    ],
    ['with a key beside metrics', { metrics: { relevance: 1, safety: 1 }, note: 'x' }, '/note'],
  ];

  before(async () => {
    await createStudy(service(), 'rules', { report: ['clicks'], metrics: { clicks: { noise: 'none' } } });
    await suggest(service(), 'rules', 3);
  });

  it('takes a number, or a mean with its sem, for every metric', async () => {
    const metrics = { relevance: 0.5, safety: { mean: 0.25, sem: 0.125 } };
    const { status, body } = await service().post<TrialBody>('/v1/studies/rules/trials/1:complete', {
      metrics,
    });
    expect(status).to.equal(200);
    expect(body).to.deep.include({
      number: 1,
      state: 'completed',
      metrics: { relevance: { mean: 0.5, sem: null }, safety: { mean: 0.25, sem: 0.125 } },
      createdAt: NOW,
      completedAt: NOW,
    });
    expect((await service().get('/v1/studies/rules/trials/1')).body).to.deep.equal(body);
  });

  it('takes a metric that the study lists, though it steers nothing', async () => {
    const metrics = { relevance: 0.5, safety: 0.5, clicks: 12 };
    const { body } = await service().post<TrialBody>('/v1/studies/rules/trials/2:complete', { metrics });
    expect(body.metrics).to.have.property('clicks').that.deep.equals({ mean: 12, sem: null });
  });

  for (const [how, body, pointer] of refused) {
    it(`is refused ${how}, and the trial goes on`, async () => {
      const answer = await service().post('/v1/studies/rules/trials/0:complete', body);
      expectProblem(answer, 422, 'metrics_invalid', pointer);
      const { body: trial } = await service().get<TrialBody>('/v1/studies/rules/trials/0');
      expect(trial).to.deep.include({ state: 'running', metrics: {} });
    });
  }

  it('is refused a number that is not finite once read, or too large to square', async () => {
    for (const number of ['1e999', '-1e999', '1e300', '-1e300']) {
      const answer = await service().raw(
        '/v1/studies/rules/trials/0:complete',
        `{"metrics": {"relevance": ${number}, "safety": 1}}`,
      );
      expectProblem(answer, 422, 'metrics_invalid', '/metrics/relevance');
    }
  });

  it('is refused with all that is wrong with the metrics', async () => {
    const answer = await service().post('/v1/studies/rules/trials/0:complete', {
      metrics: { joy: 1, fun: 1 },
    });
    const { detail, errors } = expectProblem(answer, 422, 'metrics_invalid', '/metrics');
    expect(detail).to.equal('lacks relevance, safety: expected relevance, safety (and 2 more)');
    expect(errors!.map(({ pointer }) => pointer)).to.deep.equal(['/metrics', '/metrics/joy', '/metrics/fun']);
  });

  it('is refused without the sem of a metric whose noise is known', async () => {
    await createStudy(service(), 'known', { metrics: { safety: { noise: 'known' } } });
    await suggest(service(), 'known', 1);
    const path = '/v1/studies/known/trials/0:complete';
    const answer = await service().post(path, { metrics: { relevance: 1, safety: 1 } });
    expectProblem(answer, 422, 'metrics_invalid', '/metrics/safety');
    const { status } = await service().post(path, {
      metrics: { relevance: 1, safety: { mean: 1, sem: 0.1 } },
    });
    expect(status).to.equal(200);
  });

  it('is refused with a sem of a metric that the study says is exact; a sem of 0 says the same', async () => {
    await createStudy(service(), 'exact', { metrics: { safety: { noise: 'none' } } });
    await suggest(service(), 'exact', 1);
    const path = '/v1/studies/exact/trials/0:complete';
    const answer = await service().post(path, withSem(0.1));
    const { detail } = expectProblem(answer, 422, 'metrics_invalid', '/metrics/safety/sem');
    expect(detail).to.equal(
      'is 0.1, but the study says noise: none: expected no sem, or another noise for safety',
    );
    expect((await service().post(path, withSem(0))).status).to.equal(200);
  });

  it('is refused a second time with the state that the trial is in, and the first results stand', async () => {
    await createStudy(service(), 'again');
    await suggest(service(), 'again', 2);
    const path = '/v1/studies/again/trials/1';
    await service().post(`${path}:complete`, { metrics: { relevance: 1, safety: 1 } });
    const second = await service().post(`${path}:complete`, { metrics: { relevance: 2, safety: 2 } });
    const { detail, state } = expectProblem(second, 409, 'trial_state');
    expect(detail).to.contain('trial 1 is completed');
    expect(state).to.equal('completed');
    const { body } = await service().get<TrialBody>(path);
    expect(body.metrics.relevance).to.deep.equal({ mean: 1, sem: null });
  });

  it('is won by one of those who complete a trial at once', async () => {
    await createStudy(service(), 'race');
    await suggest(service(), 'race', 2);
    const answers = await Promise.all(
      [1, 2, 3, 4].map((value) =>
        service().post<TrialBody>('/v1/studies/race/trials/1:complete', {
          metrics: { relevance: value, safety: 1 },
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).to.deep.equal([200, 409, 409, 409]);
    const { body } = await service().get<TrialBody>('/v1/studies/race/trials/1');
    expect(body).to.deep.equal(answers.find(({ status }) => status === 200)!.body);
  });

  it('is refused for a baseline that a guardrail cannot be a multiple of, which then goes on', async () => {
    await createStudy(service(), 'zero');
    await suggest(service(), 'zero', 1);
    const path = '/v1/studies/zero/trials/0';
    for (const safety of [0, -0.5]) {
      const answer = await service().post(`${path}:complete`, { metrics: { relevance: 1, safety } });
      const { detail } = expectProblem(answer, 422, 'baseline_invalid', '/metrics/safety');
      expect(detail).to.contain(
        'expected the form safety >= baseline - a, in a new study: guardrails cannot change',
      );
    }
    expect((await service().get<TrialBody>(path)).body.state).to.equal('running');
    const { status } = await service().post(`${path}:complete`, { metrics: { relevance: 1, safety: 0.5 } });
    expect(status).to.equal(200);
  });

  for (const number of ['9', '00', '-1', '1.0', '1e0', 'x', '9007199254740993', '99999999999999999999']) {
    it(`finds no trial ${number}`, async () => {
      const body = { metrics: { relevance: 1, safety: 1 } };
      expectProblem(
        await service().post(`/v1/studies/rules/trials/${number}:complete`, body),
        404,
        'trial_not_found',
      );
      expectProblem(await service().get(`/v1/studies/rules/trials/${number}`), 404, 'trial_not_found');
    });
  }
});
