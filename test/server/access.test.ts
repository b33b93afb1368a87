import { expect } from 'chai';
import type { Scope } from '../../src/domain/api-key.ts';
import { createApiKey, revokeApiKey } from '../../src/service/api-keys.ts';
import { openStore, type Store } from '../../store/open.ts';
import { type Answer, exchange, expectProblem } from './exchange.ts';
import { createStudy, RELEVANCE_STUDY } from './relevance-study.ts';
import { NOW, type RunningService, startService, temporaryDatabases } from './running-service.ts';

const clock = (): string => NOW;

describe('a service with API keys', () => {
  const databases = temporaryDatabases();
  const file = databases.file('trials.db');
  let service: RunningService;
  let store: Store;
  const keys: Record<string, string> = {};

  const send = (
    method: string,
    path: string,
    authorization?: string,
    headers: Readonly<Record<string, string>> = {},
    body?: object,
  ): Promise<Answer> =>
    exchange(service.address, method, path, {
      headers: {
        ...(authorization !== undefined && { authorization }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const as = (name: string): string => `Bearer ${keys[name]}`;

  before(async () => {
    service = await startService(file);
    store = await openStore(file);
    await createStudy(service, 'known');
    expect((await service.get('/v1/studies')).status, 'without a key there is none needed').to.equal(200);
    for (const scope of ['read', 'write', 'admin'] as readonly Scope[]) {
      keys[scope] = (await createApiKey(store, scope, scope, clock)).key;
    }
  });
  after(async () => {
    await store.destroy();
    await service.close();
    databases.remove();
    expect(service.faults).to.deep.equal([]);
  });

  it('asks every request of /v1 and /metrics for one, though it ran before the first was made', async () => {
    for (const [method, path] of [
      ['GET', '/v1/studies'],
      ['POST', '/v1/studies'],
      ['GET', '/v1/studies/known/trials'],
      ['POST', '/v1/studies/known/trials:suggest'],
      ['GET', '/v1/nowhere'],
      ['OPTIONS', '/v1/studies'],
      ['GET', '/metrics'],
    ] as const) {
      const answer = await send(method, path);
      const { detail } = expectProblem(answer, 401, 'key_needed');
      expect(detail).to.equal('no API key: expected one (Authorization: Bearer pnd_…)');
      expect(answer.headers['www-authenticate']).to.equal('Bearer realm="pondera"');
    }
    for (const path of ['/healthz', '/readyz']) expect((await send('GET', path)).status).to.equal(200);
  });

  it('refuses what is no valid key, and says nothing of it', async () => {
    const key = keys['admin']!;
    const wrong = `${key.slice(0, -2)}${key.endsWith('AA') ? 'BB' : 'AA'}`;
    for (const authorization of [
      `Bearer ${wrong}`,
      `Bearer ${key.slice(0, -1)}`,
      `Bearer pnd_000000000000_${key.slice(17)}`,
      'Bearer',
      'Bearer  ',
      `Bearer ${key} ${key}`,
      `Basic ${Buffer.from(`x:${key}`).toString('base64')}`,
      key,
      "Bearer ' or 1=1 --",
    ]) {
      const answer = await send('GET', '/v1/studies', authorization);
      const { detail } = expectProblem(answer, 401, 'key_needed');
      expect(detail).to.match(/^the API key is unknown or revoked: expected a valid one/);
      expect(answer.headers['www-authenticate']).to.equal('Bearer realm="pondera", error="invalid_token"');
      expect(answer.text).to.not.contain(key.slice(17, 40));
    }
  });

  it('takes no key from the path or the query', async () => {
    expectProblem(await send('GET', `/v1/studies?key=${keys['admin']}`), 401, 'key_needed');
  });

  it('lets a key do what its scope says, and tells the scope that another needs', async () => {
    const study = { ...RELEVANCE_STUDY, name: 'made-by-key' };
    const requests: readonly [string, string, Scope, object?][] = [
      ['GET', '/v1/studies', 'read'],
      ['HEAD', '/v1/studies', 'read'],
      ['OPTIONS', '/v1/studies', 'read'],
      ['GET', '/v1/studies/known:report', 'read'],
      ['GET', '/metrics', 'read'],
      ['GET', '/v1/datasets', 'read'],
      ['GET', '/v1/studies/known/sweep', 'read'],
      ['GET', '/v1/studies/known/sweep:events', 'read'],
      ['POST', '/v1/studies/known:sweep', 'write'],
      ['POST', '/v1/studies/known/sweep:pause', 'write'],
      ['POST', '/v1/studies/known/sweep:cancel', 'write'],
      ['POST', '/v1/studies', 'write', study],
      ['PATCH', '/v1/studies/known', 'write'],
      ['PUT', '/v1/studies/known', 'write'],
      ['POST', '/v1/studies/known/trials:suggest', 'write'],
      ['POST', '/v1/studies/known/experiments/1/readouts:import', 'write'],
      ['DELETE', '/v1/studies/known', 'admin'],
      ['POST', '/v1/studies/known/trials/1:void', 'admin'],
      ['POST', '/v1/studies/known/trials/1:void/', 'admin'],
      ['POST', '/v1/studies/known/trials/1:void//', 'admin'],
    ];
    const scopes: readonly Scope[] = ['read', 'write', 'admin'];
    for (const [method, path, needed, body] of requests) {
      for (const held of scopes) {
        const answer = await send(method, path, as(held), {}, body);
        const why = `${method} ${path} with ${held}: ${answer.text}`;
        if (scopes.indexOf(held) >= scopes.indexOf(needed))
          expect(answer.status, why).to.not.be.within(401, 403);
        else if (method !== 'HEAD') {
          const { detail } = expectProblem(answer, 403, 'scope_needed');
          expect(detail, why).to.equal(
            `the API key "${held}" has the scope ${held}: expected one of scope ${needed}`,
          );
          expect(answer.headers['www-authenticate']).to.equal(
            `Bearer realm="pondera", error="insufficient_scope", scope="${needed}"`,
          );
        }
      }
    }
  });

  it('looks at neither host nor origin, since no page of another site has a key', async () => {
    const elsewhere = { host: 'weights.example', origin: 'https://evil.example' };
    expect((await send('GET', '/v1/studies', as('read'), elsewhere)).status).to.equal(200);
    expectProblem(await send('GET', '/v1/studies', undefined, elsewhere), 401, 'key_needed');
  });

  it('takes the scheme in any case, as HTTP does', async () => {
    expect((await send('GET', '/v1/studies', `bearer ${keys['read']}`)).status).to.equal(200);
  });

  it('refuses a key from the moment it is revoked on, and stays closed when all are', async () => {
    for (const name of ['read', 'write', 'admin']) {
      expect((await send('GET', '/v1/studies', as(name))).status).to.equal(200);
      await revokeApiKey(store, name, clock);
      expectProblem(await send('GET', '/v1/studies', as(name)), 401, 'key_needed');
    }
    expectProblem(await send('GET', '/v1/studies'), 401, 'key_needed');
  });
});
