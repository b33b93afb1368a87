import { expect } from 'chai';
import type { StudyEvent } from '../../src/domain/event.ts';
import { exchange } from './exchange.ts';
import { createStudy, relevanceAndSafety, type TrialBody } from './relevance-study.ts';
import { type RunningService, startService, temporaryDatabases } from './running-service.ts';

const DAY_MS = 24 * 3600 * 1000;
const START = Date.parse('2026-06-01T00:00:00.000Z');

describe('a clock that is set back', () => {
  const databases = temporaryDatabases();
  let now = START;
  let service: RunningService;
  const open = async (): Promise<RunningService> =>
    startService(databases.file('trials.db'), undefined, {}, () => new Date(now).toISOString());
  before(async () => {
    service = await open();
  });
  after(async () => {
    expect(service.faults).to.deep.equal([]);
    await service.close();
    databases.remove();
  });

  const suggest = async (clientId: string): Promise<TrialBody> => {
    const path = '/v1/studies/back/trials:suggest';
    const answer = await service.keyed<{ trials: TrialBody[] }>(`${clientId}-${now}`, path, {
      clientId,
      leaseSeconds: 60,
    });
    expect(answer.status, answer.text).to.equal(200);
    return answer.body.trials[0]!;
  };

  it('loses nothing: leases, keys, imports and events stay what they were, also over a restart', async () => {
    await createStudy(service, 'back', { baseline: undefined, guardrails: [] });
    const one = await suggest('ann');
    const path = '/v1/studies/back/trials:suggest';
    const first = await service.keyed('same', path, { clientId: 'key' });
    const line = `${JSON.stringify({ weights: one.weights, metrics: { relevance: 1, safety: 1 } })}\n`;
    const send = (count: number) =>
      exchange<{ imported: number }>(service.address, 'POST', '/v1/studies/back/trials:import', {
        headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': 'import' },
        body: line.repeat(count) + (count === 250 ? '{}\n' : ''),
      });
    expect((await send(250)).status).to.equal(422);

    now = START - 30 * DAY_MS;
    await service.close();
    service = await open();
    const again = await service.keyed('same', path, { clientId: 'key' });
    expect(again.text, 'the key is known').to.equal(first.text);
    expect(again.headers['idempotency-replayed']).to.equal('true');
    expect((await send(300)).body.imported, 'the import goes on').to.equal(300);

    const held = await suggest('ann');
    expect(held.number).to.equal(one.number);
    expect(held.leaseExpiresAt, 'a lease never ends earlier').to.equal(one.leaseExpiresAt);
    const other = await suggest('bob');
    expect(other.number).to.not.equal(one.number);
    for (const { number, weights } of [one, other]) {
      const body = { metrics: relevanceAndSafety(weights) };
      expect((await service.post(`/v1/studies/back/trials/${number}:complete`, body)).status).to.equal(200);
    }

    now = START + DAY_MS / 2;
    const { body } = await service.get<{ trials: TrialBody[] }>('/v1/studies/back/trials?pageSize=1000');
    expect(body.trials.map(({ number }) => number)).to.deep.equal(body.trials.map((_, i) => i + 1));
    expect(body.trials.filter(({ state }) => state === 'completed')).to.have.length(302);
    const log = await service.get<{ events: StudyEvent[] }>('/v1/studies/back/events');
    expect(log.body.events.map(({ sequence }) => sequence)).to.deep.equal(
      log.body.events.map((_, i) => i + 1),
    );
    expect(
      log.body.events.some(({ at }, i, { [i - 1]: earlier }) => earlier !== undefined && at < earlier.at),
      'events say the time that the clock told',
    ).to.equal(true);
  });
});
