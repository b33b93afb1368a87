import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { type Answer, exchange, sendJson } from './exchange.ts';
import { RELEVANCE_STUDY, relevanceAndSafety, type TrialBody } from './relevance-study.ts';
import { temporaryDatabases } from './running-service.ts';
import { serve } from './serve-process.ts';

const KILLS = 6;
/** A suggestion takes some hundredths of a second of this. */
const LATEST_KILL_MS = 120;

describe('a service that is killed while it answers', function () {
  this.timeout(120_000);
  const databases = temporaryDatabases();
  after(() => databases.remove());

  it('gives the same trial to the retried key, and keeps every completion that it has acknowledged', async () => {
    const random = randomStream(6, 'kills');
    const file = databases.file('trials.db');
    const start = () => serve('--port', '0', '--db', file);
    let service = start();
    let address = await service.address;
    const study = {
      ...RELEVANCE_STUDY,
      name: 'killed',
      initialTrials: 100,
      baseline: undefined,
      guardrails: [],
    };
    expect(
      (await sendJson(address, 'POST', '/v1/studies', { ...study, report: ['safety'] })).status,
    ).to.equal(201);
    const keyed = (
      key: string,
      verb: string,
      body: object,
    ): Promise<Answer<{ trials: TrialBody[] }> | undefined> =>
      exchange<{ trials: TrialBody[] }>(address, 'POST', `/v1/studies/killed/trials${verb}`, {
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      }).catch(() => undefined);
    const numbers: number[] = [];
    let unanswered = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const asked = { count: 2, clientId: `client-${kill}` };
      const [before] = await Promise.all([
        keyed(`suggest-${kill}`, ':suggest', asked),
        new Promise<void>((resolve) => setTimeout(resolve, random.uniform() * LATEST_KILL_MS)).then(() =>
          service.kill('SIGKILL'),
        ),
      ]);
      expect((await service.ended).signal).to.equal('SIGKILL');
      service = start();
      address = await service.address;
      const after = await keyed(`suggest-${kill}`, ':suggest', asked);
      expect(after!.status, after!.text).to.equal(200);
      if (before === undefined) unanswered++;
      else expect(after!.text).to.equal(before.text);
      for (const { number, weights } of after!.body.trials) {
        numbers.push(number);
        const { relevance } = relevanceAndSafety(weights);
        expect(
          (await keyed(`complete-${number}`, `/${number}:complete`, { metrics: { relevance } }))!.status,
        ).to.equal(200);
      }
    }
    expect(unanswered, 'some kills met a request').to.be.greaterThan(0);
    const { body } = await sendJson<{ trials: TrialBody[] }>(address, 'GET', '/v1/studies/killed/trials');
    expect(body.trials.map(({ number }) => number)).to.deep.equal(numbers);
    expect(numbers).to.deep.equal(Array.from({ length: 2 * KILLS }, (_, i) => i + 1));
    for (const { state } of body.trials) expect(state).to.equal('completed');
    service.kill('SIGTERM');
    expect((await service.ended).code).to.equal(0);
  });
});
