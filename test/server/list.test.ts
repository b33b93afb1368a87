import { expect } from 'chai';
import * as fc from 'fast-check';
import { expectProblem } from './exchange.ts';
import { complete, createStudy, runTrials, suggest, type TrialBody } from './relevance-study.ts';
import { serviceOfThisFile } from './running-service.ts';

interface Page {
  readonly trials: readonly TrialBody[];
  readonly nextPageToken: string | null;
}

interface StudiesPage {
  readonly studies: readonly { readonly id: string }[];
  readonly nextPageToken: string | null;
}

const WEIGHTS = { fresh: 0.25, close: 0.25, liked: 0.5 };

describe('lists', () => {
  const service = serviceOfThisFile();
  const list = '/v1/studies/listed/trials';
  let all: readonly TrialBody[] = [];

  async function page(query: Readonly<Record<string, string>>): Promise<Page> {
    const answer = await service().get<Page>(`${list}?${new URLSearchParams(query).toString()}`);
    expect(answer.status, answer.text).to.equal(200);
    return answer.body;
  }

  async function everyPage(query: Readonly<Record<string, string>>): Promise<readonly TrialBody[]> {
    const found: TrialBody[] = [];
    for (let token: string | null = ''; token !== null;) {
      const asked: Page = await page(token === '' ? query : { ...query, pageToken: token });
      found.push(...asked.trials);
      token = asked.nextPageToken;
      if (token !== null)
        expect(asked.trials, 'a page with another after it is full').to.have.length.above(0);
    }
    return found;
  }

  before(async () => {
    await createStudy(service(), 'listed', { initialTrials: 3 });
    await createStudy(service(), 'listed-too');
    await runTrials(service(), 'listed', 3);
    for (const relevance of [0.5, 0.5, 0.5, -1, 1e-300, 0.1 + 0.2]) {
      const metrics = relevance === -1 ? { relevance, safety: null } : { relevance, safety: 1 };
      await service().post(list, { weights: WEIGHTS, metrics });
    }
    const body = { count: 2, clientId: 'ann' };
    const { trials } = (await service().post<Page>(`${list}:suggest`, body)).body;
    await service().post(`${list}/${trials[0]!.number}:fail`, { reason: 'broken' });
    await suggest(service(), 'listed');
    const attached = await service().post<TrialBody>(list, { weights: WEIGHTS });
    await complete(service(), 'listed', attached.body, { relevance: null, safety: 0.25 });
    all = (await service().get<Page>(list)).body.trials;
  });

  it('have all trials of a small study by number, and no further page', async () => {
    const { body } = await service().get<Page>(list);
    expect(body.trials.map(({ number }) => number)).to.deep.equal(
      Array.from({ length: 13 }, (_, number) => number),
    );
    expect(body.nextPageToken).to.equal(null);
  });

  it('have the same trials page by page, in any order, of any filter, as a sort of all of them', async () => {
    const [orders, states] = [
      ['number', '-number', 'metrics.relevance', '-metrics.relevance', 'metrics.safety', '-metrics.safety'],
      ['running', 'completed', 'failed', 'voided'],
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          order: fc.constantFrom(...orders),
          pageSize: fc.integer({ min: 1, max: 14 }),
          state: fc.option(fc.constantFrom(...states)),
          generator: fc.option(fc.constantFrom('baseline', 'attached', 'space_filling')),
          clientId: fc.option(fc.constantFrom('ann', 'bob')),
        }),
        async ({ order, pageSize, ...filter }) => {
          const given = Object.entries(filter).filter(([, value]) => value !== null);
          const query = { order, pageSize: String(pageSize), ...Object.fromEntries(given) };
          const metric = /metrics\.(.*)/.exec(order)?.[1];
          const key = (trial: TrialBody): number =>
            metric === undefined ? trial.number : trial.metrics[metric]!.mean;
          const expected = all
            .filter(({ state }) => filter.state === null || state === filter.state)
            .filter(
              ({ provenance }) => filter.generator === null || provenance.generator === filter.generator,
            )
            .filter(({ clientId }) => filter.clientId === null || clientId === filter.clientId)
            .filter(({ metrics }) => metric === undefined || metrics[metric] !== undefined)
            .toSorted((a, b) => key(a) - key(b) || a.number - b.number);
          if (order.startsWith('-')) expected.reverse();
          expect(await everyPage(query)).to.deep.equal(expected);
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  });

  it('go on after trials that came meanwhile without one twice or left out', async () => {
    const first = await page({ pageSize: '5', order: '-number' });
    await service().post(list, { weights: WEIGHTS, metrics: { relevance: 9, safety: 9 } });
    const second = await page({ pageSize: '5', order: '-number', pageToken: first.nextPageToken! });
    expect([...first.trials, ...second.trials].map(({ number }) => number)).to.deep.equal(
      Array.from({ length: 10 }, (_, i) => 12 - i),
    );
  });

  it('of studies go by name, page by page', async () => {
    const ids: string[] = [];
    for (let token: string | null = ''; token !== null;) {
      const asked: string = token === '' ? '' : `&pageToken=${token}`;
      const answer = await service().get<StudiesPage>(`/v1/studies?pageSize=1${asked}`);
      ids.push(...answer.body.studies.map(({ id }) => id));
      token = answer.body.nextPageToken;
    }
    expect(ids).to.deep.equal(['listed', 'listed-too']);
  });

  const refused: readonly [string, string, string][] = [
    ['a page of none', '?pageSize=0', '/pageSize'],
    ['a page that is too large', '?pageSize=1001', '/pageSize'],
    ['a page size that is no number', '?pageSize=many', '/pageSize'],
    ['a state that there is not', '?state=done', '/state'],
    ['two states', '?state=failed&state=running', '/state'],
    ['a generator that there is not', '?generator=me', '/generator'],
    ['a client of blanks', '?clientId=%20', '/clientId'],
    ['an order that is none', '?order=relevance', '/order'],
    ['an order by no metric', '?order=metrics.', '/order'],
    ['an order by a metric that the study does not have', '?order=metrics.savety', '/order'],
    ['a key that it does not know', '?page=2', '/page'],
    ['a token of nothing', '?pageToken=', '/pageToken'],
    ['a token that is none', '?pageToken=WyJ4Il0', '/pageToken'],
    ['a token that is no JSON', '?pageToken=zzz', '/pageToken'],
  ];
  for (const [what, query, pointer] of refused) {
    it(`refuse ${what}`, async () => {
      expectProblem(await service().get(`${list}${query}`), 422, 'request_invalid', pointer);
    });
  }

  it('refuse a token of another query, or one whose position was made up', async () => {
    const { nextPageToken: token } = await page({ pageSize: '2', state: 'completed' });
    for (const path of [
      `${list}?pageToken=${token}`,
      `${list}?state=completed&order=-number&pageToken=${token}`,
      `/v1/studies/listed-too/trials?state=completed&pageToken=${token}`,
      `/v1/studies?pageToken=${token}`,
    ]) {
      expectProblem(await service().get(path), 422, 'request_invalid', '/pageToken');
    }
    const [digest] = JSON.parse(Buffer.from(token!, 'base64url').toString()) as [string];
    for (const position of [null, -1, { number: 'x' }, { number: 1, value: 2 }]) {
      const forged = Buffer.from(JSON.stringify([digest, position])).toString('base64url');
      const { status } = await service().get(`${list}?state=completed&pageToken=${forged}`);
      expect(status).to.equal(422);
    }
  });

  it('refuse a study that nobody created', async () => {
    expectProblem(await service().get('/v1/studies/nobody/trials'), 404, 'study_not_found');
  });
});
