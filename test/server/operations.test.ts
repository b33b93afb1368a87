import { EventEmitter, once } from 'node:events';
import { expect } from 'chai';
import { processInstance } from '../../src/cli/process-instance.ts';
import { startReadoutProcess } from '../../src/cli/start-readout-process.ts';
import { openUploadFolder } from '../../src/service/upload-folder.ts';
import { createApp } from '../../src/server/app.ts';
import { createLifecycle, type Lifecycle } from '../../src/server/lifecycle.ts';
import { listen } from '../../src/server/listen.ts';
import { openComputePool } from '../../src/service/compute-pool.ts';
import { createStudyQueue } from '../../src/service/study-queue.ts';
import { openStore } from '../../store/open.ts';
import { type Answer, exchange, expectProblem } from './exchange.ts';
import { createStudy, type TrialBody } from './relevance-study.ts';
import {
  NOW,
  type RunningService,
  serviceOfThisFile,
  startService,
  temporaryDatabases,
} from './running-service.ts';
import { occupyWorker } from './slow-work.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The samples of a metric, `name{labels}` to value. */
function samples(text: string, name: string): Readonly<Record<string, number>> {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

describe('how the service is operated', () => {
  const service = serviceOfThisFile();

  async function idOf(id?: string): Promise<unknown> {
    const headers = id === undefined ? {} : { 'x-request-id': id };
    return (await exchange(service().address, 'GET', '/v1/studies', { headers })).headers['x-request-id'];
  }

  it('sends headers that a browser heeds with every answer, also where there is no path', async () => {
    for (const path of ['/v1/studies', '/v1/nowhere', '/healthz', '//x@#']) {
      const { headers } = await exchange(service().address, 'GET', path);
      expect(headers).to.deep.include({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
      });
      const policy = headers['content-security-policy'] as string;
      expect(policy).to.contain("default-src 'none'").and.to.contain("script-src 'self'");
      expect(policy).to.not.contain('unsafe').and.not.contain('http');
      expect(headers).to.not.have.any.keys('x-powered-by', 'server', 'etag', 'strict-transport-security');
    }
  });

  it('calls a request what its client calls it, where that is sane, and else by a name of its own', async () => {
    for (const sane of ['a', 'trace-1.2_3:4=', 'x'.repeat(64)]) expect(await idOf(sane)).to.equal(sane);
    const made = [];
    for (const id of [
      undefined,
      '',
      'x'.repeat(65),
      'a b',
      'é',
      '{"a":1}',
      'pnd_0123456789ab_secret',
      'a\tb',
    ]) {
      made.push(await idOf(id));
    }
    for (const id of made) expect(id).to.match(UUID);
    expect(new Set(made).size).to.equal(made.length);
  });

  it('is alive, and ready once its workers have loaded', async () => {
    await service().pool.ready;
    expect((await service().get('/healthz')).body).to.deep.equal({ status: 'alive' });
    expect((await service().get('/readyz')).body).to.deep.equal({ status: 'ready' });
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      const answer = await service().post(path);
      expectProblem(answer, 405, 'method_not_allowed');
      expect(answer.headers.allow).to.equal('GET, HEAD');
      const elsewhere = await exchange(service().address, 'GET', path, { headers: { host: 'pod.example' } });
      expect(elsewhere.status, 'probes come under any host').to.equal(path === '/metrics' ? 421 : 200);
    }
  });

  it('counts requests by route and status, whatever is sent', async () => {
    await createStudy(service(), 'measured');
    for (let i = 0; i < 3; i++) await service().post('/v1/studies/measured/trials:suggest');
    await service().post('/v1/studies/measured/trials/0:complete', { metrics: { relevance: 1, safety: 1 } });
    await service().get('/v1/studies/measured/trials/999');
    await service().post('/v1/studies', { name: 'x' });
    const before = samples((await service().get('/metrics')).text, 'pondera_http_requests_total');
    for (let i = 0; i < 50; i++) {
      await service().get(`/v1/studies/unknown-${i}`);
      await service().get(`/nowhere-${i}`);
      await service().get(`/v1/studies/measured/trials/${i}/nothing?x=${i}`);
    }
    const { status, type, text } = await service().get('/metrics');
    expect(status).to.equal(200);
    expect(type).to.contain('text/plain');
    const requests = samples(text, 'pondera_http_requests_total');
    const count = (method: string, route: string, answered: number): number | undefined =>
      requests[`pondera_http_requests_total{method="${method}",route="${route}",status="${answered}"}`];
    expect(count('POST', '/v1/studies/:id/trials:suggest', 200)).to.equal(3);
    expect(count('POST', '/v1/studies/:id/trials/:number:complete', 200)).to.equal(1);
    expect(count('GET', '/v1/studies/:id/trials/:number', 404)).to.equal(1);
    expect(count('POST', '/v1/studies', 422)).to.equal(1);
    expect(count('GET', '/v1/studies/:id', 404)).to.equal(50);
    expect(count('GET', 'none', 404)).to.be.at.least(100);
    expect(Object.keys(requests).length - Object.keys(before).length, 'new series').to.be.at.most(3);
    expect(samples(text, 'pondera_suggestion_duration_seconds_count')).to.deep.equal({
      pondera_suggestion_duration_seconds_count: 3,
    });
    const durations = samples(text, 'pondera_http_request_duration_seconds_count');
    expect(durations['pondera_http_request_duration_seconds_count{route="/v1/studies"}']).to.be.at.least(2);
    expect(samples(text, 'pondera_trials_running')).to.deep.equal({ pondera_trials_running: 2 });
    expect(samples(text, 'pondera_database_up')).to.deep.equal({ pondera_database_up: 1 });
    expect(text)
      .to.contain('nodejs_eventloop_lag_max_seconds')
      .and.to.contain('process_resident_memory_bytes');
    expect(text).to.not.contain('nowhere').and.not.contain('unknown-');
  });
});

describe('a service that stops', () => {
  const databases = temporaryDatabases();
  let service: RunningService;
  let lifecycle: Lifecycle;
  beforeEach(async () => {
    lifecycle = createLifecycle();
    service = await startService(databases.file('trials.db'), undefined, { lifecycle });
    await service.pool.ready;
  });
  afterEach(async () => {
    await service.close();
    expect(service.faults).to.deep.equal([]);
  });
  after(() => databases.remove());

  /** A suggestion that waits for the worker, once it is worked on. */
  async function suggestionThatWaits(
    study: string,
  ): Promise<{ answer: Promise<Answer>; busy: Promise<void> }> {
    await createStudy(service, study);
    await service.post(`/v1/studies/${study}/trials:suggest`);
    const busy = occupyWorker(service);
    const answer = service.post(`/v1/studies/${study}/trials:suggest`);
    while (lifecycle.open.size === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    return { answer, busy };
  }

  it('takes on nothing more and finishes what runs', async () => {
    const { answer, busy } = await suggestionThatWaits('finished');
    const drained = lifecycle.drain(60_000);
    const ready = await service.get('/readyz');
    expect(expectProblem(ready, 503, 'not_ready').detail).to.equal(
      'the service is draining: expected no requests',
    );
    expect((await service.get('/healthz')).status, 'it is alive').to.equal(200);
    for (const late of [
      await service.get('/v1/studies'),
      await service.post('/v1/studies/x/trials:suggest'),
    ]) {
      expectProblem(late, 503, 'service_stopping');
      expect(late.headers).to.deep.include({ 'retry-after': '1', connection: 'close' });
    }
    expect((await answer).status).to.equal(200);
    expect(await drained, 'given up').to.equal(0);
    await busy;
  });

  it('gives up what lasts too long, and stores nothing of it', async () => {
    const { answer, busy } = await suggestionThatWaits('stopped');
    expect(await lifecycle.drain(20), 'given up').to.equal(1);
    const { detail } = expectProblem(await answer, 503, 'service_stopping');
    expect(detail).to.contain('nothing of it is stored');
    await busy;
    await service.close();
    service = await startService(databases.file('trials.db'));
    const { body } = await service.get<{ trials: TrialBody[] }>('/v1/studies/stopped/trials');
    expect(body.trials.map(({ number }) => number)).to.deep.equal([0]);
  });
});

describe('a service that starts', () => {
  it('is alive, but not ready before its workers have loaded', async () => {
    const databases = temporaryDatabases();
    const store = await openStore(databases.file('trials.db'));
    const pool = openComputePool(1);
    const loading = new EventEmitter();
    const ready = once(loading, 'loaded').then(() => undefined);
    const instance = processInstance();
    const context = {
      store,
      pool: { ...pool, ready },
      queue: createStudyQueue(),
      clock: () => NOW,
      actor: 'local',
      instance,
      uploads: {
        folder: await openUploadFolder(databases.file(''), instance),
        start: startReadoutProcess,
        onFailure: () => expect.fail('a failure'),
      },
    };
    const server = await listen(0, async () => createApp(context, () => expect.fail('a fault')));
    const { detail } = expectProblem(await exchange(server.address, 'GET', '/readyz'), 503, 'not_ready');
    expect(detail).to.equal('the service is starting: expected no requests');
    expect((await exchange(server.address, 'GET', '/healthz')).status).to.equal(200);
    loading.emit('loaded');
    await ready;
    expect((await exchange(server.address, 'GET', '/readyz')).status).to.equal(200);
    await store.destroy();
    const without = await exchange(server.address, 'GET', '/readyz');
    expect(expectProblem(without, 503, 'not_ready').detail).to.equal(
      'the database does not answer: expected no requests',
    );
    await server.close();
    await pool.close();
    databases.remove();
  });
});
