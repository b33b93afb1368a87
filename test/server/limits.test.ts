import { request } from 'node:http';
import { expect } from 'chai';
import { createApiKey } from '../../src/service/api-keys.ts';
import { openStore } from '../../store/open.ts';
import { exchange, expectProblem } from './exchange.ts';
import { createStudy, type TrialBody } from './relevance-study.ts';
import { NOW, type RunningService, startService, temporaryDatabases } from './running-service.ts';
import { packTrials } from '../../src/service/packed-trials.ts';
import { occupyWorker } from './slow-work.ts';

const clock = (): string => NOW;
const DEADLINE_SECONDS = 0.3;

describe('the limits of the service', () => {
  const databases = temporaryDatabases();
  let service: RunningService;
  afterEach(async () => {
    await service.close();
    expect(service.faults).to.deep.equal([]);
  });
  after(() => databases.remove());

  const trialsOf = async (study: string): Promise<readonly TrialBody[]> =>
    (await service.get<{ trials: readonly TrialBody[] }>(`/v1/studies/${study}/trials`)).body.trials;

  describe('to the rate of requests', () => {
    it('answer 429 with the time to wait beyond it, and leave the probes alone', async () => {
      service = await startService(databases.file('rate.db'), undefined, { limits: { rate: 1 } });
      for (let left = 9; left >= 0; left--) {
        const answer = await service.get('/v1/studies');
        expect(answer.status).to.equal(200);
        expect(answer.headers['ratelimit']).to.match(new RegExp(`^"requests"; r=${left}; t=([1-9]|10)$`));
        expect(answer.headers['ratelimit-policy']).to.match(/^"requests"; q=10; w=10; pk=:.+:$/);
      }
      for (const answer of [await service.get('/v1/studies'), await service.post('/v1/studies', {})]) {
        const { detail } = expectProblem(answer, 429, 'rate_exceeded');
        expect(detail).to.equal('more than 1 requests a second, over 10 seconds: expected fewer');
        expect(Number(answer.headers['retry-after'])).to.be.within(1, 10);
      }
      expect((await service.get('/readyz')).status).to.equal(200);
    });

    it('are of each key apart, and one for all who have none', async () => {
      const file = databases.file('rate-keys.db');
      const store = await openStore(file);
      const keys = await Promise.all(
        ['one', 'two'].map(async (name) => (await createApiKey(store, name, 'read', clock)).key),
      );
      await store.destroy();
      service = await startService(file, undefined, { limits: { rate: 1 } });
      const statuses = async (headers: Readonly<Record<string, string>>): Promise<readonly number[]> => {
        const found: number[] = [];
        for (let i = 0; i < 11; i++) {
          found.push((await exchange(service.address, 'GET', '/v1/studies', { headers })).status);
        }
        return found;
      };
      for (const key of keys) {
        expect(await statuses({ authorization: `Bearer ${key}` })).to.deep.equal([
          ...Array(10).fill(200),
          429,
        ]);
      }
      const guesses = await statuses({ authorization: 'Bearer pnd_guess' });
      expect(guesses, 'guesses are counted by address').to.deep.equal([...Array(10).fill(401), 429]);
    });

    it('do not exist with a rate of 0', async () => {
      service = await startService(databases.file('no-rate.db'), undefined, { limits: { rate: 0 } });
      for (let i = 0; i < 100; i++) {
        const answer = await service.get('/v1/studies');
        expect(answer.status).to.equal(200);
        expect(answer.headers['ratelimit']).to.equal(undefined);
      }
    });
  });

  describe('to what computes at a time', () => {
    it('answer 429 beyond it, and everything else as ever', async () => {
      service = await startService(databases.file('queue.db'), undefined, { limits: { queue: 2 } });
      await createStudy(service, 'queued');
      await service.post('/v1/studies/queued/trials:suggest');
      const busy = occupyWorker(service);
      const waiting = [1, 2].map(() => service.post('/v1/studies/queued/trials:suggest'));
      await service.get('/v1/studies');
      for (const beyond of [
        await service.post('/v1/studies/queued/trials:suggest'),
        await service.get('/v1/studies/queued/model'),
        await service.get('/v1/studies/queued:report'),
      ]) {
        expect(expectProblem(beyond, 429, 'queue_full').detail).to.equal(
          '2 requests compute or wait to: expected fewer at a time',
        );
        expect(Number(beyond.headers['retry-after'])).to.be.within(1, 60);
      }
      const { text } = await service.get('/metrics');
      expect(text)
        .to.match(/^pondera_queue_length 2$/m)
        .and.to.match(/^pondera_queue_limit 2$/m);
      expect((await service.get('/v1/studies/queued/trials')).status).to.equal(200);
      for (const answer of await Promise.all(waiting)) expect(answer.status).to.equal(200);
      await busy;
      expect(
        (await service.post('/v1/studies/queued/trials:suggest')).status,
        'there is room again',
      ).to.equal(200);
      expect((await service.get('/metrics')).text).to.match(/^pondera_queue_length 0$/m);
    });
  });

  describe('to the time of a request', () => {
    beforeEach(async () => {
      service = await startService(databases.file('deadline.db'), undefined, {
        limits: { deadline: DEADLINE_SECONDS },
      });
      await service.pool.ready;
    });

    it('give a suggestion up as a whole: nothing of it is stored, and the next has its number', async () => {
      await createStudy(service, 'late');
      expect((await service.post('/v1/studies/late/trials:suggest')).status, 'the baseline').to.equal(200);
      let isBusy = true;
      const busy = occupyWorker(service).finally(() => {
        isBusy = false;
      });
      const start = performance.now();
      // The first waits for the worker, the others for the first.
      const answers = await Promise.all([1, 2, 3].map(() => service.post('/v1/studies/late/trials:suggest')));
      expect(performance.now() - start).to.be.at.least(DEADLINE_SECONDS * 1000 - 5);
      expect(isBusy, 'nobody waited for the worker').to.equal(true);
      for (const answer of answers) {
        expect(expectProblem(answer, 503, 'deadline_passed').detail).to.equal(
          `the work took longer than ${DEADLINE_SECONDS} s and was given up, nothing of it is stored: expected less work at a time`,
        );
        expect(answer.headers['retry-after']).to.equal('5');
      }
      const metrics = { relevance: 0.5, safety: 0.5 };
      const complete = await service.post('/v1/studies/late/trials/0:complete', { metrics });
      expect(complete.status, 'the study is not held up').to.equal(200);
      await busy;
      expect((await trialsOf('late')).map(({ number }) => number)).to.deep.equal([0]);
      const next = await service.post<{ trials: TrialBody[] }>('/v1/studies/late/trials:suggest');
      expect(next.body.trials.map(({ number }) => number)).to.deep.equal([1]);
    });

    it('end with a client that leaves', async () => {
      await createStudy(service, 'left');
      await service.post('/v1/studies/left/trials:suggest');
      const busy = occupyWorker(service);
      const { hostname, port } = new URL(service.address);
      const path = '/v1/studies/left/trials:suggest';
      const sent = request({ hostname, port, path, method: 'POST', agent: false });
      sent.on('error', () => undefined);
      sent.end();
      await new Promise((resolve) => setTimeout(resolve, 50));
      sent.destroy();
      await busy;
      await service.pool.run('initialise', {
        definition: (await import('../store/study-for-the-store.ts')).study('after'),
        trials: packTrials([]),
        count: 1,
        fixed: {},
      });
      expect((await trialsOf('left')).map(({ number }) => number)).to.deep.equal([0]);
      expect((await service.get('/metrics')).text).to.match(
        /pondera_http_requests_total\{method="POST",route="\/v1\/studies\/:id\/trials:suggest",status="499"\} 1/,
      );
    });
  });
});
