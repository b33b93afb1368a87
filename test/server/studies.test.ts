import { expect } from 'chai';
import { expectProblem } from './exchange.ts';
import { createStudy, RELEVANCE_STUDY } from './relevance-study.ts';
import { serviceOfThisFile } from './running-service.ts';

describe('studies over HTTP', () => {
  const service = serviceOfThisFile();
  const refused: readonly [string, object, string, string][] = [
    ['an unknown key', { epochs: 3 }, 'study_invalid', '/epochs'],
    [
      'an unknown key further in',
      { metrics: { safety: { nose: 1 } } },
      'study_invalid',
      '/metrics/safety/nose',
    ],
    ['a name that no path can hold', { name: 'A/B' }, 'study_invalid', '/name'],
    ['a constraint on no weight of it', { constraints: ['save <= 1'] }, 'study_invalid', '/constraints/0'],
    ['a guardrail that is no relation', { guardrails: ['safety'] }, 'study_invalid', '/guardrails/0'],
    ['a range upside down', { weights: { fresh: [1, 0] } }, 'study_invalid', '/weights/fresh'],
    [
      'ranges that cannot meet the sum',
      { sum: 4, baseline: undefined, guardrails: [] },
      'study_invalid',
      '/weights',
    ],
    [
      'constraints that contradict',
      { constraints: ['fresh <= 0.1', 'fresh >= 0.2'], baseline: undefined, guardrails: [] },
      'constraints_infeasible',
      '/constraints/0',
    ],
    [
      'a baseline that breaks a constraint',
      { constraints: ['fresh <= 0.1'] },
      'baseline_invalid',
      '/baseline/weights',
    ],
    ['a relative guardrail without a baseline', { baseline: undefined }, 'study_invalid', '/guardrails/0'],
    [
      'a multiple of a given baseline that is negative',
      { baseline: { metrics: { safety: -1 } } },
      'study_invalid',
      '/guardrails/0',
    ],
    [
      'weights that cannot vary',
      { weights: { fresh: [1, 1] }, baseline: undefined, guardrails: [] },
      'study_invalid',
      '/weights',
    ],
    [
      'a range beyond all measure',
      { weights: { fresh: [0, 1e300], close: [0, 1], liked: [0, 1] } },
      'study_invalid',
      '/weights/fresh/1',
    ],
    [
      'settings of a metric that nothing uses',
      { metrics: { savety: { noise: 'none' } } },
      'study_invalid',
      '/metrics/savety',
    ],
    ['an objective without a direction', { objective: 'relevance' }, 'study_invalid', '/objective'],
    ['a sum beyond all measure', { sum: 1.1e100 }, 'study_invalid', '/sum'],
    [
      'a coefficient beyond all measure, written as text',
      { constraints: ['fresh <= 1', '1e101 * fresh <= 1'] },
      'study_invalid',
      '/constraints/1',
    ],
    [
      'a coefficient beyond all measure, written structured',
      { constraints: [{ coefficients: { fresh: -1e101 }, relation: '<=', bound: 1 }] },
      'study_invalid',
      '/constraints/0/coefficients/fresh',
    ],
    ['a bound beyond all measure', { guardrails: ['safety >= 1e101'] }, 'study_invalid', '/guardrails/0'],
    [
      'a given baseline beyond all measure',
      { baseline: { metrics: { safety: 1e101 } } },
      'study_invalid',
      '/baseline/metrics/safety',
    ],
    [
      'a baseline of text',
      { baseline: { weights: { fresh: 'much' } } },
      'study_invalid',
      '/baseline/weights/fresh',
    ],
    ['more initial trials than can be designed', { initialTrials: 201 }, 'study_invalid', '/initialTrials'],
  ];

  it('are created with every default filled in, and found at their location', async () => {
    const created = await service().post('/v1/studies', { ...RELEVANCE_STUDY, name: 'first' });
    expect(created.status).to.equal(201);
    expect(created.headers.location).to.equal('/v1/studies/first');
    expect(created.body).to.deep.equal({
      id: 'first',
      createdAt: '2026-01-01T00:00:00.000Z',
      description: null,
      archivedAt: null,
      definition: {
        ...RELEVANCE_STUDY,
        name: 'first',
        weights: { fresh: { min: 0, max: 1 }, close: { min: 0, max: 1 }, liked: { min: 0, max: 1 } },
        constraints: [],
        objective: { metric: 'relevance', direction: 'maximize' },
        guardrails: [{ metric: 'safety', relation: '>=', factor: 0.9, offset: 0 }],
      },
    });
    const found = await service().get(created.headers.location!);
    expect(found.body).to.deep.equal(created.body);
    expect(found.headers.etag).to.equal('"1"');
  });

  it('can be created again from their own definition, written structured', async () => {
    await createStudy(service(), 'text', { constraints: ['fresh <= 2 * close', 'liked >= 0.1'] });
    const { body } = await service().get<{ definition: object }>('/v1/studies/text');
    const copied = await service().post<{ definition: object }>('/v1/studies', {
      ...body.definition,
      name: 'structured',
    });
    expect(copied.body.definition).to.deep.equal({ ...body.definition, name: 'structured' });
  });

  it('are listed by name', async () => {
    await createStudy(service(), 'b-study');
    await createStudy(service(), 'a-study');
    const { body } = await service().get<{ studies: { id: string }[] }>('/v1/studies');
    const names = body.studies.map(({ id }) => id);
    expect(names).to.include.members(['a-study', 'b-study']);
    expect(names).to.deep.equal([...names].sort());
  });

  it('are refused a second time under one name, whatever they say', async () => {
    await createStudy(service(), 'twice');
    const again = await service().post('/v1/studies', { ...RELEVANCE_STUDY, name: 'twice', seed: 8 });
    expectProblem(again, 409, 'study_exists', '/name');
    const { body } = await service().get<{ definition: { seed: number } }>('/v1/studies/twice');
    expect(body.definition.seed).to.equal(7);
  });

  for (const [what, changes, code, pointer] of refused) {
    it(`are refused with ${what}, and leave nothing behind`, async () => {
      const study = { ...RELEVANCE_STUDY, name: 'refused', ...changes };
      expectProblem(await service().post('/v1/studies', study), 422, code, pointer);
      expectProblem(await service().get('/v1/studies/refused'), 404, 'study_not_found');
    });
  }

  it('are refused with all that is wrong, each at its place, at most 20 of them', async () => {
    const wrong = { ...RELEVANCE_STUDY, name: 'wrong', sum: '1', seed: -1, guardrails: ['safety'] };
    const { detail, errors } = expectProblem(
      await service().post('/v1/studies', wrong),
      422,
      'study_invalid',
      '/sum',
    );
    expect(errors!.map(({ pointer }) => pointer)).to.deep.equal(['/sum', '/guardrails/0', '/seed']);
    expect(detail).to.equal(`${errors![0]!.detail} (and 2 more)`);

    const weights = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`w${i}`, 'x']));
    const many = await service().post('/v1/studies', { ...RELEVANCE_STUDY, name: 'many', weights });
    const problem = expectProblem(many, 422, 'study_invalid', '/weights/w0');
    expect(problem.errors).to.have.length(20);
    expect(problem.detail).to.contain('(and 29 more)');
  });

  it('have a pointer that is escaped as RFC 6901 says', async () => {
    const answer = await service().post('/v1/studies', { 'a/b': { 'c~d': { constructor: 1 } } });
    expectProblem(answer, 422, 'study_invalid', '/a~1b/c~0d/constructor');
  });

  it('with a log are left to the sweep command', async () => {
    const head = { score: 's', label: 'l' };
    const answer = await service().post('/v1/studies', {
      name: 'logged',
      weights: { click: [0, 1], save: [0, 1] },
      objective: 'click.average_precision',
      heads: { click: head, save: head },
      log: { path: 'log.csv', request: 'r' },
    });
    expectProblem(answer, 422, 'study_unsupported', '/log/path');
  });

  it('that nobody created have no trials either', async () => {
    const running = service();
    for (const answer of [
      await running.get('/v1/studies/nobody'),
      await running.get('/v1/studies/nobody/trials'),
      await running.get('/v1/studies/nobody/trials/1'),
      await running.get('/v1/studies/nobody/trials:best'),
      await running.get('/v1/studies/nobody:report'),
      await running.post('/v1/studies/nobody/trials:suggest'),
      await running.post('/v1/studies/nobody/trials/1:complete', { metrics: {} }),
    ]) {
      expectProblem(answer, 404, 'study_not_found');
    }
  });
});
