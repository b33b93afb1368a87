import { createHash } from 'node:crypto';
import SqliteDatabase from 'better-sqlite3';
import { expect } from 'chai';
import { expectProblem } from './exchange.ts';
import { createStudy, RELEVANCE_STUDY, suggest, type TrialBody } from './relevance-study.ts';
import { type RunningService, startService, temporaryDatabases } from './running-service.ts';

const DAY_MS = 24 * 3600 * 1000;

describe('an Idempotency-Key', () => {
  const databases = temporaryDatabases();
  const file = databases.file('trials.db');
  let now = Date.parse('2026-01-01T00:00:00.000Z');
  const clock = () => new Date(now).toISOString();
  let services: readonly [RunningService, RunningService];
  let other: SqliteDatabase.Database;
  before(async () => {
    services = [await startService(file, 2000, {}, clock), await startService(file, 2000, {}, clock)];
    other = new SqliteDatabase(file);
  });
  after(async () => {
    other.close();
    for (const service of services) {
      expect(service.faults).to.deep.equal([]);
      await service.close();
    }
    databases.remove();
  });
  const trialsOf = async (study: string) =>
    (await services[0].get<{ trials: TrialBody[] }>(`/v1/studies/${study}/trials`)).body.trials;

  it('gives the same answer to the same request, whichever process has it, and stores nothing twice', async () => {
    const [service, twin] = services;
    const created = await service.keyed('create-1', '/v1/studies', { ...RELEVANCE_STUDY, name: 'once' });
    const requests = [
      ['create-1', '/v1/studies', { ...RELEVANCE_STUDY, name: 'once' }],
      ['suggest-1', '/v1/studies/once/trials:suggest', { count: 2 }],
      ['complete-1', '/v1/studies/once/trials/0:complete', { metrics: { relevance: 1, safety: 1 } }],
      ['attach-1', '/v1/studies/once/trials', { weights: RELEVANCE_STUDY.baseline.weights }],
      ['note-1', '/v1/studies/once/trials/0/notes', { text: 'x' }],
      ['fail-1', '/v1/studies/once/trials/1:fail', {}],
    ] as const;
    for (const [key, path, body] of requests) {
      const first = key === 'create-1' ? created : await service.keyed(key, path, body);
      expect(first.status, first.text).to.be.oneOf([200, 201]);
      expect(first.headers['idempotency-replayed']).to.equal(undefined);
      for (const again of [await service.keyed(key, path, body), await twin.keyed(key, path, body)]) {
        expect(again.status).to.equal(first.status);
        expect(again.text).to.equal(first.text);
        expect(again.type).to.equal(first.type);
        expect(again.headers.location).to.equal(first.headers.location);
        expect(again.headers['idempotency-replayed']).to.equal('true');
      }
    }
    expect((await trialsOf('once')).map(({ state }) => state)).to.deep.equal([
      'completed',
      'failed',
      'running',
    ]);
    const { body } = await service.get<{ notes: unknown[] }>('/v1/studies/once/trials/0/notes');
    expect(body.notes).to.have.length(1);
  });

  it('of another request is refused, whatever differs', async () => {
    const [service] = services;
    await createStudy(service, 'other');
    await service.keyed('k-2', '/v1/studies/other/trials:suggest', { count: 1 });
    const path = '/v1/studies/other/trials:suggest';
    for (const answer of [
      await service.keyed('k-2', path, { count: 2 }),
      await service.keyed('k-2', '/v1/studies/once/trials:suggest', { count: 1 }),
    ]) {
      expect(expectProblem(answer, 422, 'idempotency_mismatch').detail).to.contain(
        'same method, path, query and body',
      );
    }
    expect(await trialsOf('other')).to.have.length(1);
  });

  it('runs once where the request comes many times at once: the others are told that it is in flight', async () => {
    const [service, twin] = services;
    await createStudy(service, 'rush');
    const path = '/v1/studies/rush/trials:suggest';
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, i) =>
        (i % 2 === 0 ? service : twin).keyed('rush-1', path, { count: 3 }),
      ),
    );
    const good = answers.filter(({ status }) => status === 200);
    expect(good.length).to.be.at.least(1);
    expect(new Set(good.map(({ text }) => text)).size).to.equal(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expectProblem(answer, 409, 'idempotency_in_flight');
    }
    expect(await trialsOf('rush')).to.have.length(3);
  });

  it('may be used again after a refusal, which stored nothing', async () => {
    const [service] = services;
    const path = '/v1/studies/later/trials:suggest';
    expectProblem(await service.keyed('later-1', path, {}), 404, 'study_not_found');
    await createStudy(service, 'later');
    expect((await service.keyed('later-1', path, {})).status).to.equal(200);
  });

  it('that a process has left without an answer when it ended is run anew', async () => {
    const [service] = services;
    await createStudy(service, 'left');
    const path = '/v1/studies/left/trials:suggest';
    await service.keyed('left-1', path, {});
    // A process that is no more, as a kill -9 leaves its keys: before it has stored anything.
    other.exec("delete from trials where study_id = 'left'; delete from events where study_id = 'left'");
    const leave = other.prepare(
      `update idempotency_keys set instance = ?, status = null, location = null, answer = null
       where key_hash = '${createHash('sha256').update('left-1').digest('hex')}'`,
    );
    leave.run('4194999.gone');
    const again = await service.keyed<{ trials: TrialBody[] }>('left-1', path, {});
    expect(again.status, again.text).to.equal(200);
    expect(again.headers['idempotency-replayed']).to.equal(undefined);
    expect(again.body.trials.map(({ number }) => number)).to.deep.equal([0]);
    leave.run(`${process.ppid}.alive`);
    expectProblem(await service.keyed('left-1', path, {}), 409, 'idempotency_in_flight');
    leave.run(`${process.pid}.an-earlier-run-with-the-same-number`);
    expect((await service.keyed('left-1', path, {})).status).to.equal(200);
  });

  it('is forgotten after a day', async () => {
    const [service] = services;
    await createStudy(service, 'day');
    const path = '/v1/studies/day/trials:suggest';
    const first = await service.keyed('day-1', path, { count: 1 });
    now += DAY_MS;
    expect((await service.keyed('day-1', path, { count: 1 })).text).to.equal(first.text);
    now += 1;
    const next = await service.keyed<{ trials: TrialBody[] }>('day-1', path, { count: 1 });
    expect(next.body.trials.map(({ number }) => number)).to.deep.equal([1]);
  });

  it('is refused where it is empty, too long or not printable', async () => {
    const [service] = services;
    for (const key of ['', 'a b', 'x'.repeat(256), 'ä']) {
      const answer = await service.keyed(key, '/v1/studies/day/trials:suggest', {});
      expect(expectProblem(answer, 422, 'request_invalid').detail).to.contain('1 to 255 printable ASCII');
    }
    expect(await suggest(service, 'day')).to.have.length(1);
  });
});
