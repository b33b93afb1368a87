import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { bodyLines } from '../../src/server/body-lines.ts';
import { type Answer, exchange, expectProblem } from './exchange.ts';
import { createStudy, suggest, type TrialBody } from './relevance-study.ts';
import { serviceOfThisFile } from './running-service.ts';

const WEIGHTS = { fresh: 0.25, close: 0.25, liked: 0.5 };
const TYPE = { 'content-type': 'application/x-ndjson' };

interface Imported {
  readonly imported: number;
  readonly first: number;
  readonly last: number;
}

function line(i: number, changes: object = {}): string {
  const metrics = { relevance: { mean: i / 7, sem: 0, n: 9 }, safety: i % 2 === 0 ? null : 0.5 };
  return `${JSON.stringify({ weights: WEIGHTS, metrics, note: `n${i}`, ...changes })}\n`;
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, i) => line(i)).join('');
}

describe('trials:import', () => {
  const service = serviceOfThisFile();
  let made = 0;
  let trials = '';

  beforeEach(async () => {
    const name = `imported-${made++}`;
    await createStudy(service(), name, { budget: 5 });
    trials = `/v1/studies/${name}/trials`;
  });

  function send<Body = unknown>(
    body: string,
    headers: Readonly<Record<string, string>> = TYPE,
  ): Promise<Answer<Body>> {
    return exchange(service().address, 'POST', `${trials}:import`, { headers, body });
  }

  async function stored(): Promise<readonly TrialBody[]> {
    return (await service().get<{ trials: TrialBody[] }>(`${trials}?pageSize=1000`)).body.trials;
  }

  it('stores a completed trial a line, in order, as attaching each would', async () => {
    const { status, body } = await send<Imported>(`${lines(450)}\n${line(450).trimEnd()}`);
    expect(status).to.equal(200);
    expect(body).to.deep.equal({ imported: 451, first: 1, last: 451 });
    const found = await stored();
    expect(found.map(({ number }) => number)).to.deep.equal(Array.from({ length: 451 }, (_, i) => i + 1));
    const attached = await service().post<TrialBody>(trials, JSON.parse(line(9)) as object);
    const { provenance, ...rest } = attached.body;
    const { number, metrics, ...others } = rest;
    expect(found[9]).to.deep.equal({
      ...others,
      number: 10,
      metrics,
      provenance: { ...provenance, nearestTrialDistance: null },
    });
    expect(number).to.equal(452);
    expect(found[8]!.metrics).to.deep.equal({ relevance: { mean: 8 / 7, sem: 0, n: 9 } });
  });

  it('tells the event log of each part that was committed, and uses none of the budget', async () => {
    await send(lines(401));
    const { body } = await service().get<{ events: { kind: string; trial: null; payload: object }[] }>(
      trials.replace('/trials', '/events'),
    );
    expect(body.events.slice(1).map(({ kind, payload }) => [kind, payload])).to.deep.equal([
      ['trials_imported', { first: 1, last: 200 }],
      ['trials_imported', { first: 201, last: 400 }],
      ['trials_imported', { first: 401, last: 401 }],
    ]);
    const [baseline] = await suggest(service(), trials.split('/')[3]!);
    expect(baseline!.number).to.equal(0);
  });

  it('goes on from the numbers that are taken, also where others take some meanwhile', async () => {
    const [one, two, attached] = await Promise.all([
      send<Imported>(lines(500)),
      send<Imported>(lines(500)),
      service().post<TrialBody>(trials, { weights: WEIGHTS }),
    ]);
    expect([one.status, two.status, attached.status]).to.deep.equal([200, 200, 201]);
    const found = await stored();
    expect(found).to.have.length(1000);
    const { body } = await service().get<{ trials: TrialBody[] }>(`${trials}?order=-number&pageSize=1`);
    expect(body.trials[0]!.number).to.equal(1001);
  });

  const refused: readonly [string, string, string, string | undefined][] = [
    ['that is no JSON', '{"weights":\n', 'request_invalid', undefined],
    ['that is no object', '[]\n', 'request_invalid', ''],
    ['with a key that it does not know', line(1, { clientId: 'a' }), 'request_invalid', '/clientId'],
    ['without metrics', `${JSON.stringify({ weights: WEIGHTS })}\n`, 'request_invalid', '/metrics'],
    ['with a metric too few', line(1, { metrics: { relevance: 1 } }), 'metrics_invalid', '/metrics'],
    [
      'of weights off the sum',
      line(1, { weights: { ...WEIGHTS, liked: 0.6 } }),
      'weights_invalid',
      '/weights',
    ],
    ['with a reserved key', '{"__proto__": 1}\n', 'request_invalid', '/__proto__'],
    ['with a text that is too long', line(1, { note: 'x'.repeat(10_001) }), 'request_invalid', '/note'],
    ['that is nested too deep', `${'['.repeat(40)}\n`, 'request_invalid', undefined],
    ['that is too long', `{"note": "${'x'.repeat(65_536)}"}\n`, 'request_invalid', undefined],
  ];
  for (const [what, wrong, code, pointer] of refused) {
    it(`says which line it is ${what}, and how many trials before it are stored`, async () => {
      const answer = await send(`${lines(202)}${wrong}${lines(300)}`);
      const problem = expectProblem(answer, 422, code, pointer);
      expect(problem).to.include({ line: 203, imported: 200 });
      expect(problem.detail).to.match(/^line 203: /);
      expect(await stored()).to.have.length(200);
    });
  }

  it('answers a client that sends megabytes after the line that is wrong, on a connection that goes on', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const statusOf = async (path: string, body?: string): Promise<number | undefined> => {
      const method = body === undefined ? 'GET' : 'POST';
      const sent = httpRequest(`${service().address}${path}`, { method, headers: TYPE, agent });
      sent.end(body);
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      await once(response, 'end');
      return response.statusCode;
    };
    const body = `{}\n${line(1, { note: 'x'.repeat(1000) }).repeat(8000)}`;
    expect(await statusOf(`${trials}:import`, body)).to.equal(422);
    expect(await statusOf('/v1/studies')).to.equal(200);
    agent.destroy();
  });

  it('refuses bytes that are no UTF-8', async () => {
    const sent = httpRequest(`${service().address}${trials}:import`, { method: 'POST', headers: TYPE });
    sent.end(Buffer.from([0x7b, 0xff, 0x7d]));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).to.equal(422);
  });

  it('refuses an empty body, another type, an encoding, and a key that is none', async () => {
    expectProblem(await send('\n \n'), 422, 'request_invalid');
    expectProblem(await send(line(1), { 'content-type': 'application/json' }), 415, 'media_type');
    expectProblem(
      await send(line(1), { 'content-type': `${TYPE['content-type']}; charset=utf-16` }),
      415,
      'media_type',
    );
    expectProblem(await send(line(1), { ...TYPE, 'content-encoding': 'gzip' }), 415, 'media_type');
    expectProblem(await send(line(1), { ...TYPE, 'idempotency-key': 'a key' }), 422, 'request_invalid');
    expectProblem(await service().get(`${trials}:import`), 405, 'method_not_allowed');
    trials = '/v1/studies/nobody/trials';
    expectProblem(await send(line(1)), 404, 'study_not_found');
  });

  it('keeps what is committed where the client leaves in the middle of a line', async () => {
    const sent = httpRequest(`${service().address}${trials}:import`, { method: 'POST', headers: TYPE });
    sent.on('error', () => undefined);
    sent.write(`${lines(250)}{"weights"`);
    while ((await stored()).length < 200) await setTimeout(20);
    sent.destroy();
    await setTimeout(50);
    expect(await stored()).to.have.length(200);
  });

  it('takes a body apart into the lines that a split of the whole has, wherever it is cut', async () => {
    const bytes = fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r'), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { maxLength: 6 }), async (parts) => {
        const found: string[] = [];
        const chunks = (async function* () {
          for (const part of parts) yield Buffer.from(part);
        })();
        for await (const { bytes: one } of bodyLines(chunks, 1000, 1000))
          found.push(Buffer.from(one).toString());
        const expected = parts.join('').split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(found).to.deep.equal(expected);
      }),
      { seed: 8, numRuns: 200 },
    );
  });

  it('takes no more lines than it says', async () => {
    const chunks = (async function* () {
      yield Buffer.from('a\nb\nc\n');
    })();
    const read = async (): Promise<void> => {
      for await (const _ of bodyLines(chunks, 10, 2)) continue;
    };
    const error = await read().catch((reason: unknown) => reason);
    expect((error as Error).message).to.equal('there are more than 2 lines: expected several imports');
  });
});
