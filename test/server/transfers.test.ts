import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { type Answer, exchange, expectProblem } from './exchange.ts';
import { createStudy } from './relevance-study.ts';
import { type RunningService, startService, temporaryDatabases } from './running-service.ts';

const LINE = `${JSON.stringify({
  weights: { fresh: 0.25, close: 0.25, liked: 0.5 },
  metrics: { relevance: 1, safety: 0.5 },
})}\n`;

describe('imports and exports at a time', () => {
  const databases = temporaryDatabases();
  let service: RunningService;
  before(async () => {
    service = await startService(databases.file('trials.db'), undefined, { limits: { transfers: 2 } });
    await createStudy(service, 'moved');
  });
  after(async () => {
    await service.close();
    databases.remove();
    expect(service.faults).to.deep.equal([]);
  });

  const headers = { 'content-type': 'application/x-ndjson' };
  const importing = (): Promise<Answer> =>
    exchange(service.address, 'POST', '/v1/studies/moved/trials:import', { headers, body: LINE });

  const last = async (): Promise<string> =>
    (await service.get('/v1/studies/moved/trials?order=-number&pageSize=1')).text;

  it('are so many, and beyond 429 with the time to wait: all else goes on, and so do they when there is room', async () => {
    const held: ClientRequest[] = [];
    for (let i = 0; i < 2; i++) {
      const url = `${service.address}/v1/studies/moved/trials:import`;
      const sent = request(url, { method: 'POST', headers, agent: false });
      sent.write(LINE.repeat(200));
      held.push(sent);
    }
    while (!(await last()).includes('"number":400')) await setTimeout(20);
    const beyond = await importing();
    for (const answer of [beyond, await service.get('/v1/studies/moved/trials:export')]) {
      const { detail } = expectProblem(answer, 429, 'transfers_full');
      expect(detail).to.equal('2 imports and exports run: expected fewer at a time');
      expect(Number(answer.headers['retry-after'])).to.be.within(1, 60);
    }
    expect((await service.get('/v1/studies/moved/trials')).status).to.equal(200);
    expect((await service.post('/v1/studies/moved/trials:suggest')).status).to.equal(200);
    for (const sent of held) {
      sent.end();
      const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume: () => void }];
      expect(response.statusCode).to.equal(200);
      response.resume();
    }
    await setTimeout(20);
    expect((await importing()).status).to.equal(200);
    expect((await service.get('/v1/studies/moved/trials:export')).status).to.equal(200);
  });
});
