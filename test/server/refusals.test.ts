import { connect } from 'node:net';
import { expect } from 'chai';
import { exchange, expectProblem, expectProblemDocument, type Sent } from './exchange.ts';
import { createStudy, RELEVANCE_STUDY } from './relevance-study.ts';
import { serviceOfThisFile } from './running-service.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const padded = (bytes: number): string => `{"name": "${'x'.repeat(bytes - 12)}"}`;

describe('a request that is not understood', () => {
  const service = serviceOfThisFile();
  const send = (method: string, path: string, sent: Sent = {}) =>
    exchange(service().address, method, path, sent);
  const postText = (body: string, headers: Readonly<Record<string, string>> = JSON_TYPE) =>
    send('POST', '/v1/studies', { headers, body });

  before(() => createStudy(service(), 'known'));

  for (const body of [
    '{',
    '{"name": }',
    '{"name": NaN}',
    "{'name': 1}",
    '{}}',
    '\u0000',
    '5',
    'null',
    '"x"',
  ]) {
    it(`is malformed with the body ${JSON.stringify(body)}`, async () => {
      const { detail } = expectProblem(await postText(body), 400, 'body_malformed');
      expect(detail).to.equal('the body is malformed: expected a JSON object');
    });
  }

  for (const headers of [
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'nonsense' },
    { 'content-type': 'application/json; charset=latin1' },
    { 'content-type': 'application/json; charset=utf-16le' },
    { 'content-type': 'application/json', 'content-encoding': 'zip' },
    {},
  ]) {
    it(`has no media type that is taken with ${JSON.stringify(headers)}`, async () => {
      expectProblem(await postText('{"name": "x"}', headers), 415, 'media_type');
    });
  }

  it('is too large over 1 MB, and not under it', async () => {
    expectProblem(await postText(padded(1024 * 1024 + 1)), 413, 'body_too_large');
    expectProblem(await postText(padded(1024 * 1024)), 422, 'request_invalid', '/name');
  });

  for (const body of [[], {}, [RELEVANCE_STUDY]]) {
    it(`is no study as ${JSON.stringify(body).slice(0, 20)}`, async () => {
      const answer = await service().post('/v1/studies', body);
      expect(answer.status).to.equal(422);
      expectProblemDocument(answer);
    });
  }

  for (const [body, pointer] of [
    ['{"__proto__": {"name": "x"}}', '/__proto__'],
    ['{"weights": {"__proto__": [0, 1]}}', '/weights/__proto__'],
    ['{"metrics": {"constructor": {"prototype": {}}}}', '/metrics/constructor'],
  ] as const) {
    it(`may not name a prototype: ${body}`, async () => {
      expectProblem(await postText(body), 422, 'study_invalid', pointer);
      expect(({} as { name?: string }).name).to.equal(undefined);
    });
  }

  for (const depth of [33, 20_000, 500_000]) {
    it(`is refused where it is nested ${depth} deep`, async () => {
      expectProblem(await postText(nested(depth)), 422, 'request_invalid');
      expectProblem(await postText(`{"weights": ${nested(depth)}}`), 422, 'request_invalid');
    });
  }

  for (const [what, body, pointer] of [
    ['a text', `{"name": "x", "note": "${'x'.repeat(10_001)}"}`, '/note'],
    ['a text in a list', `{"report": ["a", "${'x'.repeat(10_001)}"]}`, '/report/1'],
    ['a key', `{"weights": {"${'x'.repeat(10_001)}": 1}}`, '/weights'],
    ['a list', `{"report": [${'1,'.repeat(5_000)}1]}`, undefined],
    ['an object', `{${Array.from({ length: 5_000 }, (_, i) => `"k${i}": 0`).join()}}`, undefined],
  ] as const) {
    it(`is refused where ${what} is longer than any that is taken`, async () => {
      expectProblem(await postText(body), 422, 'request_invalid', pointer);
    });
  }

  it('may have a text of 10,000 characters as far as its length goes', async () => {
    expectProblem(await postText(`{"name": "${'x'.repeat(10_000)}"}`), 422, 'study_invalid', '/name');
  });

  for (const path of [
    '/v1/studies/known/trials:suggest',
    '/v1/studies/known/trials',
    '/v1/studies/known/trials/0:complete',
  ]) {
    it(`may not name a prototype, nor hold a number that is not finite, at ${path}`, async () => {
      for (const key of ['__proto__', 'constructor', 'prototype']) {
        const answer = await send('POST', path, { headers: JSON_TYPE, body: `{"${key}": {"count": 1}}` });
        expect(answer.status, answer.text).to.equal(422);
        expect(expectProblemDocument(answer).pointer).to.equal(`/${key}`);
      }
      for (const body of [
        '{"count": 1e999}',
        '{"weights": {"fresh": 1e999}}',
        '{"metrics": {"relevance": -1e999, "safety": 1}}',
      ]) {
        const answer = await send('POST', path, { headers: JSON_TYPE, body });
        expect(answer.status, answer.text).to.equal(422);
        expectProblemDocument(answer);
      }
      expect(({} as { count?: number }).count).to.equal(undefined);
    });
  }

  for (const path of [
    '/',
    '/v1',
    '/v2/studies',
    '/v1/study',
    '/v1/studies/known/best',
    '/v1/studies/known/trials/1/2',
    '/V1/studies',
    '//v1/studies',
    '/v1/studies/known/trials:worst',
    '/v1/../etc/passwd',
  ]) {
    it(`leads nowhere at ${path}`, async () => {
      expectProblem(await send('GET', path), 404, 'route_not_found');
    });
  }

  for (const path of ['/v1/studies/%', '/v1/studies/%E0%A4%A', '/v1/studies/known/trials/%ZZ', '//x@#']) {
    it(`is malformed at ${path}`, async () => {
      expectProblem(await send('GET', path), 400, 'path_malformed');
    });
  }

  it('gets no file, whatever the name of the study', async () => {
    for (const id of ['..%2F..%2Fetc%2Fpasswd', '%00', '__proto__', 'a'.repeat(8000), "'%20or%201=1--"]) {
      expectProblem(await send('GET', `/v1/studies/${id}`), 404, 'study_not_found');
    }
  });

  for (const [method, path, allowed] of [
    ['PUT', '/v1/studies/known', 'GET, HEAD, PATCH, DELETE'],
    ['PUT', '/v1/studies', 'GET, HEAD, POST'],
    ['DELETE', '/v1/studies/known/trials', 'GET, HEAD, POST'],
    ['POST', '/v1/studies/known/model', 'GET, HEAD'],
    ['GET', '/v1/studies/known/trials:suggest', 'POST'],
    ['GET', '/v1/studies/known/trials/1:complete', 'POST'],
    ['PATCH', '/v1/studies/known/trials/1', 'GET, HEAD'],
    ['POST', '/v1/studies/known:report', 'GET, HEAD'],
  ] as const) {
    it(`is told what ${path} allows instead of ${method}`, async () => {
      const answer = await send(method, path);
      expectProblem(answer, 405, 'method_not_allowed');
      expect(answer.headers.allow).to.equal(allowed);
    });
  }

  it('may ask what a resource allows, or for its headers alone', async () => {
    const options = await send('OPTIONS', '/v1/studies');
    expect(options).to.deep.include({ status: 204, text: '' });
    expect(options.headers.allow).to.equal('GET, HEAD, POST');
    const [head, get] = [await send('HEAD', '/v1/studies'), await send('GET', '/v1/studies')];
    expect(head).to.deep.include({ status: 200, text: '' });
    expect(head.headers['content-length']).to.equal(get.headers['content-length']);
  });

  for (const host of ['evil.example', '127.0.0.1.evil.example', 'evil.example:8350', '10.0.0.1']) {
    it(`is for another host as "${host}"`, async () => {
      expectProblem(await send('GET', '/v1/studies', { headers: { host } }), 421, 'host');
    });
  }

  for (const host of ['localhost', 'localhost:8350', '127.0.0.1', '[::1]:8350']) {
    it(`is for this host as "${host}"`, async () => {
      expect((await send('GET', '/v1/studies', { headers: { host } })).status).to.equal(200);
    });
  }

  it('from a page of another site is refused, even where it has no body', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1.evil.example']) {
      const answer = await send('POST', '/v1/studies/known/trials:suggest', { headers: { origin } });
      expectProblem(answer, 403, 'origin');
    }
    const own = await send('GET', '/v1/studies', { headers: { origin: service().address } });
    expect(own.status).to.equal(200);
  });

  for (const text of [
    'GET /v1/studies HTTP/9.9\r\n\r\n',
    'nonsense\r\n\r\n',
    'GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET /v1/studies HTTP/1.1\r\nConnection: close\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
  ]) {
    it(`gets a problem document though it is no HTTP: ${JSON.stringify(text.slice(0, 40))}`, async () => {
      const answer = await new Promise<string>((resolve, reject) => {
        let received = '';
        const socket = connect(Number(new URL(service().address).port), '127.0.0.1', () =>
          socket.write(text),
        );
        socket.on('data', (chunk) => (received += chunk.toString()));
        socket.on('close', () => resolve(received));
        socket.on('error', reject);
      });
      expect(answer).to.match(/^HTTP\/1\.1 4\d\d /);
      expect(answer).to.contain('application/problem+json').and.to.contain('urn:pondera:problem:');
    });
  }
});
