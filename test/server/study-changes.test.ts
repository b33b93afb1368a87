import { expect } from 'chai';
import { type Answer, exchange, expectProblem } from './exchange.ts';
import { createStudy, RELEVANCE_STUDY, suggest, type TrialBody } from './relevance-study.ts';
import { NOW, serviceOfThisFile } from './running-service.ts';

interface StudyBody {
  readonly description: string | null;
  readonly archivedAt: string | null;
  readonly definition: { readonly budget?: number; readonly confidence?: number };
}

const WEIGHTS = { fresh: 0.25, close: 0.25, liked: 0.5 };

describe('studies that change', () => {
  const service = serviceOfThisFile();
  let made = 0;
  let name = '';
  let study = '';

  beforeEach(async () => {
    name = `changing-${made++}`;
    study = `/v1/studies/${name}`;
    await createStudy(service(), name, { budget: 5 });
  });

  function patch(value: unknown, ifMatch?: string): Promise<Answer<StudyBody>> {
    return exchange(service().address, 'PATCH', study, {
      headers: { 'content-type': 'application/json', ...(ifMatch !== undefined && { 'if-match': ifMatch }) },
      body: JSON.stringify(value),
    });
  }

  function remove(headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return exchange(service().address, 'DELETE', study, { headers });
  }

  async function lastEvent(): Promise<{ kind: string; payload: unknown }> {
    const { body } = await service().get<{ events: { kind: string; payload: unknown }[] }>(`${study}/events`);
    const { kind, payload } = body.events.at(-1)!;
    return { kind, payload };
  }

  async function listed(query = ''): Promise<boolean> {
    const { body } = await service().get<{ studies: { id: string }[] }>(`/v1/studies${query}`);
    return body.studies.some(({ id }) => id === name);
  }

  it('take a budget, a confidence and a description, each revision with an ETag of its own', async () => {
    const changed = await patch({ budget: 9, confidence: 0.9, description: 'the autumn feed' }, '"1"');
    expect(changed.status, changed.text).to.equal(200);
    expect(changed.headers.etag).to.equal('"2"');
    expect(changed.body.definition).to.include({ budget: 9, confidence: 0.9 });
    expect(changed.body.description).to.equal('the autumn feed');
    const read = await service().get<StudyBody>(study);
    expect(read.body).to.deep.equal(changed.body);
    expect(read.headers.etag).to.equal('"2"');
    expect(await lastEvent()).to.deep.equal({
      kind: 'study_changed',
      payload: {
        changes: {
          budget: { from: 5, to: 9 },
          confidence: { from: null, to: 0.9 },
          description: { from: null, to: 'the autumn feed' },
        },
      },
    });
    const taken = await patch({ budget: null, description: null }, '"0", "2"');
    expect(taken.body.definition).to.not.have.property('budget');
    expect(taken.body).to.include({ description: null });
    expect(taken.body.definition.confidence).to.equal(0.9);
    const same = await patch({ confidence: 0.9 }, '*');
    expect(same.headers.etag, 'nothing changed').to.equal('"3"');
  });

  it('have the new budget count at the next suggestion', async () => {
    await patch({ budget: 1 }, '"1"');
    expect(await suggest(service(), name, 4)).to.have.length(2);
    expectProblem(await service().post(`${study}/trials:suggest`), 409, 'budget_exhausted');
    await patch({ budget: 2 }, '"2"');
    expect(await suggest(service(), name, 4)).to.have.length(1);
  });

  it('are changed by one of two who have read the same', async () => {
    const answers = await Promise.all([patch({ budget: 6 }, '"1"'), patch({ budget: 7 }, '"1"')]);
    expect(answers.map(({ status }) => status)).to.have.members([200, 412]);
  });

  it('refuse a change without an If-Match, or with one of another revision', async () => {
    expectProblem(await patch({ budget: 6 }), 428, 'precondition_required');
    for (const stale of ['"2"', 'W/"1"', '1', '""']) {
      const { detail } = expectProblem(await patch({ budget: 6 }, stale), 412, 'precondition_failed');
      expect(detail).to.contain('"1"');
    }
    expectProblem(await remove({ 'if-match': '"7"' }), 412, 'precondition_failed');
    expect((await service().get(study)).headers.etag).to.equal('"1"');
  });

  const refused: readonly [string, object, string][] = [
    ['the seed', { seed: 1 }, '/seed'],
    ['the weights', { weights: {} }, '/weights'],
    ['the guardrails', { guardrails: [] }, '/guardrails'],
    ['a budget of none', { budget: 0 }, '/budget'],
    ['a confidence of one', { confidence: 1 }, '/confidence'],
    ['an empty description', { description: '' }, '/description'],
    ['a description that is too long', { description: 'x'.repeat(1001) }, '/description'],
  ];
  for (const [what, change, pointer] of refused) {
    it(`refuse a change of ${what}`, async () => {
      expectProblem(await patch(change, '"1"'), 422, 'request_invalid', pointer);
    });
  }

  it('refuse changes of a study that there is not', async () => {
    study = '/v1/studies/nobody';
    expectProblem(await patch({ budget: 6 }, '*'), 404, 'study_not_found');
    expectProblem(await remove(), 404, 'study_not_found');
    expectProblem(await service().post(`${study}:archive`), 404, 'study_not_found');
  });

  it('are left out of lists and take no new trials once archived, but end what runs', async () => {
    const [baseline] = await suggest(service(), name);
    const archived = await service().post<StudyBody>(`${study}:archive`);
    expect(archived.body.archivedAt).to.equal(NOW);
    expect((await service().post<StudyBody>(`${study}:archive`)).body).to.deep.equal(archived.body);
    expect(await lastEvent()).to.deep.equal({ kind: 'study_archived', payload: {} });
    expect([await listed(), await listed('?archived=true')]).to.deep.equal([false, true]);
    expectProblem(await service().post(`${study}/trials:suggest`), 409, 'study_archived');
    expectProblem(await service().post(`${study}/trials`, { weights: WEIGHTS }), 409, 'study_archived');
    const line = JSON.stringify({ weights: WEIGHTS, metrics: { relevance: 1, safety: 1 } });
    const headers = { 'content-type': 'application/x-ndjson' };
    const imported = await exchange(service().address, 'POST', `${study}/trials:import`, {
      headers,
      body: line,
    });
    expectProblem(imported, 409, 'study_archived');
    const completed = await service().post(`${study}/trials/${baseline!.number}:complete`, {
      metrics: { relevance: 1, safety: 1 },
    });
    expect(completed.status).to.equal(200);
    const again = await service().post<StudyBody>(`${study}:unarchive`);
    expect(again.body.archivedAt).to.equal(null);
    expect(await lastEvent()).to.deep.equal({ kind: 'study_unarchived', payload: {} });
    expect(await listed()).to.equal(true);
    expect(await suggest(service(), name)).to.have.length(1);
    expectProblem(
      await service().post(`${study}:archive`, { reason: 'x' }),
      422,
      'request_invalid',
      '/reason',
    );
    expectProblem(await service().get(`${study}:archive`), 405, 'method_not_allowed');
  });

  it('are gone once deleted, and leave their name taken', async () => {
    const running = async (): Promise<number> =>
      Number(/^pondera_trials_running (\d+)$/m.exec((await service().get('/metrics')).text)![1]);
    const before = await running();
    const [trial] = await suggest(service(), name);
    expect(await running()).to.equal(before + 1);
    const answer = await remove({ 'if-match': '"1"' });
    expect([answer.status, answer.text]).to.deep.equal([204, '']);
    expect(await running(), 'nobody will complete it').to.equal(before);
    for (const path of ['', '/trials', '/events', ':report', '/trials/0', '/trials:export']) {
      expectProblem(await service().get(`${study}${path}`), 404, 'study_not_found');
    }
    for (const path of ['/trials:suggest', ':archive']) {
      expectProblem(await service().post(`${study}${path}`), 404, 'study_not_found');
    }
    const late = await service().post<TrialBody>(`${study}/trials/${trial!.number}:complete`, {
      metrics: { relevance: 1, safety: 1 },
    });
    expectProblem(late, 404, 'study_not_found');
    expectProblem(await remove(), 404, 'study_not_found');
    expect(await listed('?archived=true')).to.equal(false);
    const taken = await service().post('/v1/studies', { ...RELEVANCE_STUDY, name });
    expect(expectProblem(taken, 409, 'study_exists', '/name').detail).to.contain('was deleted');
  });
});
