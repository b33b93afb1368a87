import { request as httpRequest } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { type Answer, exchange, expectProblem, sendJson } from './exchange.ts';
import { createStudy, RELEVANCE_STUDY, type TrialBody } from './relevance-study.ts';
import { serviceOfThisFile, temporaryDatabases } from './running-service.ts';
import { serve } from './serve-process.ts';

const WEIGHTS = { fresh: 0.25, close: 0.25, liked: 0.5 };
const LINES = 1130;
const KILLS = 4;

interface Imported {
  readonly imported: number;
  readonly first: number;
  readonly last: number;
}

function line(i: number): string {
  return `${JSON.stringify({ weights: WEIGHTS, metrics: { relevance: i, safety: 0.5 }, note: `n${i}` })}\n`;
}

function lines(count: number, from = 0): string {
  return Array.from({ length: count }, (_, i) => line(from + i)).join('');
}

function headersOf(key: string): Readonly<Record<string, string>> {
  return { 'content-type': 'application/x-ndjson', 'idempotency-key': key };
}

async function notesOf(address: string, study: string): Promise<readonly string[]> {
  const answer = await exchange(address, 'GET', `/v1/studies/${study}/trials:export`);
  const trials = answer.text.trim().split('\n');
  return trials.map((text) => (JSON.parse(text) as TrialBody).provenance.note!);
}

const expected = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `n${i}`);

describe('trials:import under an Idempotency-Key', () => {
  const service = serviceOfThisFile();
  let made = 0;
  let study = '';
  beforeEach(async () => {
    study = `retried-${made++}`;
    await createStudy(service(), study);
  });

  function send<Body = Imported>(key: string, body: string, to = study): Promise<Answer<Body>> {
    const path = `/v1/studies/${to}/trials:import`;
    return exchange<Body>(service().address, 'POST', path, {
      headers: headersOf(`${study} ${key}`.replace(' ', '-')),
      body,
    });
  }

  it('is answered again as it was, and stores nothing twice', async () => {
    for (const count of [400, 451]) {
      const before = (await send(`whole-${count}`, lines(count))).body;
      expect(before.imported).to.equal(count);
      for (let again = 0; again < 2; again++) {
        const { body, headers } = await send(`whole-${count}`, `\n${lines(count)}\n`);
        expect(body).to.deep.equal(before);
        expect(headers['idempotency-replayed']).to.equal('true');
      }
    }
    expect(await notesOf(service().address, study)).to.deep.equal([...expected(400), ...expected(451)]);
  });

  it('goes on after what is stored, once the line that was wrong is right', async () => {
    const wrong = await send('fixed', `${lines(203)}{}\n${lines(300, 204)}`);
    expect(expectProblem(wrong, 422, 'request_invalid', '/weights')).to.include({ line: 204, imported: 200 });
    const still = await send('fixed', `${lines(403)}{}\n`);
    expect(expectProblem(still, 422, 'request_invalid', '/weights')).to.include({ line: 404, imported: 400 });
    const { status, body, headers } = await send('fixed', lines(504));
    expect(status).to.equal(200);
    expect(headers['idempotency-replayed']).to.equal(undefined);
    expect(body).to.deep.equal({ imported: 504, first: 1, last: 504 });
    expect(await notesOf(service().address, study)).to.deep.equal(expected(504));
  });

  it('is refused with other lines, fewer, more, or for another study', async () => {
    await send('other', lines(300));
    await createStudy(service(), `${study}-b`);
    const changed = lines(300).replace('"n7"', '"N7"');
    for (const body of [changed, lines(299), lines(200), lines(301)]) {
      expectProblem(await send('other', body), 422, 'idempotency_mismatch');
    }
    expectProblem(await send('other', lines(300), `${study}-b`), 422, 'idempotency_mismatch');
    expect((await send('another', lines(3))).body.imported, 'a key of its own is another import').to.equal(3);
    expect(await notesOf(service().address, study)).to.deep.equal([...expected(300), ...expected(3)]);
  });

  it('is stored once though it comes several times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => send('rush', lines(LINES))));
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expectProblem(answer, 409, 'idempotency_in_flight');
    }
    const { body } = await send('rush', lines(LINES));
    expect(body).to.deep.equal({ imported: LINES, first: 1, last: LINES });
    expect(await notesOf(service().address, study)).to.deep.equal(expected(LINES));
  });

  it('goes on after a connection that broke', async () => {
    const path = `/v1/studies/${study}/trials:import`;
    const sent = httpRequest(`${service().address}${path}`, {
      method: 'POST',
      headers: headersOf(`${study}-lost`),
    });
    sent.on('error', () => undefined);
    sent.write(`${lines(450)}{"weights"`);
    const stored = async () => {
      const { text } = await service().get(`/v1/studies/${study}/trials?order=-number&pageSize=1`);
      return text.includes('"number":400');
    };
    while (!(await stored())) await setTimeout(20);
    sent.destroy();
    const { body } = await send('lost', lines(LINES));
    expect(body).to.deep.equal({ imported: LINES, first: 1, last: LINES });
    expect(await notesOf(service().address, study)).to.deep.equal(expected(LINES));
  });
});

describe('trials:import of a service that is killed', function () {
  this.timeout(120_000);
  const databases = temporaryDatabases();
  after(() => databases.remove());

  it(`ends as one that was not, after ${KILLS} kills -9 and as many retries`, async () => {
    const random = randomStream(3, 'killed-imports');
    const file = databases.file('trials.db');
    const body = lines(10 * LINES);
    let [service, met] = [serve('--port', '0', '--db', file), 0];
    const create = { ...RELEVANCE_STUDY, name: 'killed' };
    expect((await sendJson(await service.address, 'POST', '/v1/studies', create)).status).to.equal(201);
    const send = async () =>
      exchange<Imported>(await service.address, 'POST', '/v1/studies/killed/trials:import', {
        headers: headersOf('killed'),
        body,
      }).catch(() => undefined);
    for (let kill = 0; kill < KILLS; kill++) {
      await service.address;
      const sending = send();
      await setTimeout(50 + random.uniform() * 300);
      service.kill('SIGKILL');
      if ((await sending) === undefined) met++;
      await service.ended;
      service = serve('--port', '0', '--db', file);
    }
    expect(met, 'kills that met the import').to.be.greaterThan(0);
    const answer = await send();
    expect(answer?.body).to.deep.equal({ imported: 10 * LINES, first: 1, last: 10 * LINES });
    expect(await notesOf(await service.address, 'killed')).to.deep.equal(expected(10 * LINES));
    service.kill('SIGKILL');
    await service.ended;
  });
});
