import SqliteDatabase from 'better-sqlite3';
import { expect } from 'chai';
import { expectProblem } from './exchange.ts';
import { createStudy, suggest, type TrialBody } from './relevance-study.ts';
import { type RunningService, startService, temporaryDatabases } from './running-service.ts';

/** How long the service waits for a lock in these tests. */
const PATIENCE_MS = 50;

describe('a database that fails while it is served', () => {
  const databases = temporaryDatabases();
  const file = databases.file('trials.db');
  let service: RunningService;
  let other: SqliteDatabase.Database;

  before(async () => {
    service = await startService(file, PATIENCE_MS);
    await createStudy(service, 'locked');
    await suggest(service, 'locked', 2);
    other = new SqliteDatabase(file);
  });
  after(async () => {
    other.close();
    await service.close();
    databases.remove();
  });

  it('by the lock of another process is said to be locked, and serves on when it is released', async () => {
    const metrics = { relevance: 0.5, safety: 0.5 };
    const complete = () => service.post<TrialBody>('/v1/studies/locked/trials/1:complete', { metrics });
    const requests = [
      () => service.post('/v1/studies/locked/trials:suggest'),
      complete,
      () => createStudyAnswer(),
    ];
    const createStudyAnswer = () =>
      service.post('/v1/studies', {
        name: 'late',
        weights: { a: [0, 1], b: [0, 1] },
        objective: 'maximize gain',
      });
    other.exec('begin immediate');
    for (const request of requests) {
      const { detail } = expectProblem(await request(), 503, 'database_invalid');
      expect(detail).to.equal('the database is locked by another process: expected it to be released');
    }
    expect((await service.get('/v1/studies/locked/trials')).status, 'readers do not wait').to.equal(200);
    expect(service.faults, 'each is told to who runs the service').to.have.length(requests.length);
    other.exec('rollback');
    expect((await complete()).body.state).to.equal('completed');
    expect((await createStudyAnswer()).status).to.equal(201);
  });

  it('by a stored study that no longer can be read says which, and points nowhere in the request', async () => {
    other.prepare("update studies set definition = '{}' where id = 'late'").run();
    const { detail } = expectProblem(await service.get('/v1/studies/late'), 503, 'database_invalid');
    expect(detail).to.contain('late').and.to.contain('name');
    for (const statement of ['delete from events where study_id', 'delete from studies where id']) {
      other.prepare(`${statement} = 'late'`).run();
    }
  });
});
