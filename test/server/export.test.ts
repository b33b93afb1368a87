import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { exchange, expectProblem } from './exchange.ts';
import { createStudy, runTrials, type TrialBody } from './relevance-study.ts';
import { serviceOfThisFile } from './running-service.ts';

const WEIGHTS = { fresh: 0.25, close: 0.25, liked: 0.5 };

describe('trials:export', () => {
  const service = serviceOfThisFile();
  const trials = '/v1/studies/exported/trials';

  before(async () => {
    await createStudy(service(), 'exported', { initialTrials: 3 });
    await runTrials(service(), 'exported', 2);
    for (let i = 0; i < 203; i++) {
      const note = i === 1 ? 'of "last" year,\r\nby hand' : `note ${i}`;
      const metrics = { relevance: { mean: i / 7, sem: 0, n: 40 }, safety: null };
      await service().post(trials, { weights: WEIGHTS, metrics, note });
    }
    await service().post(`${trials}:suggest`, { clientId: 'ann', leaseSeconds: 60 });
  });

  it('has every trial as a line of JSON, the same as the list has', async () => {
    const { status, headers, text } = await service().get(`${trials}:export`);
    expect(status).to.equal(200);
    expect(headers['content-type']).to.equal('application/x-ndjson; charset=utf-8');
    expect(headers['content-disposition']).to.equal('attachment; filename=exported.ndjson');
    const listed = await service().get<{ trials: TrialBody[] }>(`${trials}?pageSize=1000`);
    expect(text.endsWith('\n')).to.equal(true);
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as TrialBody)).to.deep.equal(listed.body.trials);
  });

  it('has a column for each weight and each part of a metric as CSV', async () => {
    const { headers, text } = await service().get(`${trials}:export?format=csv`);
    expect(headers['content-type']).to.match(/^text\/csv; charset=utf-8/);
    const [header, baseline, , first] = text.split('\r\n');
    expect(header).to.equal(
      'number,state,generator,weights.fresh,weights.close,weights.liked,' +
        'metrics.relevance.mean,metrics.relevance.sem,metrics.relevance.n,' +
        'metrics.safety.mean,metrics.safety.sem,metrics.safety.n,' +
        'clientId,leaseExpiresAt,reason,note,createdAt,completedAt',
    );
    const at = '2026-01-01T00:00:00.000Z';
    expect(baseline).to.match(/^0,completed,baseline,0\.3333,0\.3333,0\.3334,0\.8\d*,,,0\.83335,,,,,,,/);
    expect(first).to.equal(`2,completed,attached,0.25,0.25,0.5,0,0,40,,,,,,,note 0,${at},${at}`);
    expect(text).to.contain('"of ""last"" year,\r\nby hand"');
    const last = text.trimEnd().split('\r\n').at(-1)!;
    expect(last).to.match(/^205,running,space_filling,.*,ann,2026-01-01T00:01:00\.000Z,,,2026[^,]*,$/);
  });

  it('has the trials that a filter lets through', async () => {
    const { text } = await service().get(`${trials}:export?state=running&clientId=ann`);
    expect(text.trimEnd().split('\n')).to.have.length(1);
    const { text: none } = await service().get(`${trials}:export?state=voided`);
    expect(none).to.equal('');
    const { text: header } = await service().get(`${trials}:export?state=voided&format=csv`);
    expect(header.split('\r\n')).to.have.length(2);
  });

  it('answers HEAD without a body', async () => {
    const { status, text } = await exchange(service().address, 'HEAD', `${trials}:export`);
    expect([status, text]).to.deep.equal([200, '']);
  });

  it('is no fault where the client leaves before the end', async () => {
    const request = get(`${service().address}${trials}:export`);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.destroy();
    await once(response, 'close');
    expect((await service().get('/healthz')).status).to.equal(200);
  });

  it('refuses a format that it does not know, and a study that there is not', async () => {
    expectProblem(await service().get(`${trials}:export?format=xml`), 422, 'request_invalid', '/format');
    expectProblem(await service().get(`${trials}:export?pageSize=5`), 422, 'request_invalid', '/pageSize');
    expectProblem(await service().get('/v1/studies/nobody/trials:export'), 404, 'study_not_found');
    expectProblem(await service().post(`${trials}:export`), 405, 'method_not_allowed');
  });
});
