import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { exchange, expectProblem, sendJson } from './exchange.ts';
import { RELEVANCE_STUDY } from './relevance-study.ts';
import { temporaryDatabases } from './running-service.ts';
import { runPondera } from '../e2e/run-pondera.ts';
import { serve, type ServeProcess } from './serve-process.ts';
import { slowStudy } from './slow-work.ts';

interface Line {
  readonly level: number;
  readonly time: string;
  readonly msg: string;
  readonly requestId?: string;
  readonly method?: string;
  readonly path?: string;
  readonly route?: string;
  readonly status?: number;
  readonly ms?: number;
  readonly key?: string;
  readonly signal?: string;
  readonly givenUp?: number;
}

const linesOf = (stderr: string): readonly Line[] =>
  stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

/** Another address of this machine, of its network; none in a sandbox without one. */
const outside = Object.values(networkInterfaces())
  .flat()
  .find((each) => each !== undefined && each.family === 'IPv4' && !each.internal)?.address;

describe('pondera serve beyond this machine', () => {
  const databases = temporaryDatabases();
  const running: ServeProcess[] = [];
  after(() => {
    for (const each of running) each.kill('SIGKILL');
    databases.remove();
  });
  const started = (...options: readonly string[]): ServeProcess => {
    const service = serve('--port', '0', ...options);
    running.push(service);
    return service;
  };

  it('is refused with one line unless a key exists, and makes no database', async () => {
    const none = databases.file('none.db');
    for (const host of ['0.0.0.0', '::', '']) {
      const { code, stdout, stderr } = await started('--host', host, '--db', none).ended;
      expect({ code, stdout, stderr }).to.deep.equal({
        code: 2,
        stdout: '',
        stderr: `pondera: host ${host} lets other machines in, and ${none} has no API key: expected one (pondera keys create), or --host 127.0.0.1\n`,
      });
    }
    expect(existsSync(none)).to.equal(false);
    const keyless = databases.file('keyless.db');
    expect(
      (
        await runPondera([
          'keys',
          'create',
          '--name',
          'a',
          '--scope',
          'read',
          '--db',
          databases.file('other.db'),
        ])
      ).code,
    ).to.equal(0);
    const local = started('--db', keyless);
    await local.address;
    local.kill('SIGTERM');
    await local.ended;
    for (const db of [keyless, ':memory:']) {
      const { code, stderr } = await started('--host', '0.0.0.0', '--db', db).ended;
      expect(code).to.equal(2);
      expect(stderr).to.match(
        /^pondera: host 0\.0\.0\.0 lets other machines in, and [^\n]+ has no API key[^\n]+\n$/,
      );
    }
  });

  it('answers who has a key, under any name, and nobody else', async function () {
    const db = databases.file('keyed.db');
    const { stdout: key, stderr } = await runPondera([
      'keys',
      'create',
      '--name',
      'ci',
      '--scope',
      'write',
      '--db',
      db,
    ]);
    expect(key).to.match(/^pnd_[0-9a-f]{12}_[\w-]{43}\n$/);
    expect(stderr).to.equal(
      `key ${key.slice(4, 16)} "ci" of scope write is stored in ${db} as its hash alone: it is not shown again\n`,
    );
    const service = serve('--port', '0', '--host', '0.0.0.0', '--db', db, '--log-level', 'info');
    running.push(service);
    const { port } = new URL(await service.address);
    const hosts = ['127.0.0.1', ...(outside === undefined ? [] : [outside])];
    const secret = key.trim().slice(17);
    for (const host of hosts) {
      const address = `http://${host}:${port}`;
      expectProblem(await sendJson(address, 'GET', '/v1/studies'), 401, 'key_needed');
      const headers = {
        authorization: `Bearer ${key.trim()}`,
        host: 'weights.example',
        'x-request-id': `of-${host}`,
        'content-type': 'application/json',
      };
      const body = JSON.stringify({ ...RELEVANCE_STUDY, name: `at-${host.replaceAll('.', '-')}` });
      const created = await exchange(address, 'POST', '/v1/studies', { headers, body });
      expect(created.status, created.text).to.equal(201);
      expect(created.headers['x-request-id']).to.equal(`of-${host}`);
    }
    await exchange(`http://127.0.0.1:${port}`, 'GET', `/v1/studies/${key.trim()}?key=${key.trim()}`);
    expect((await runPondera(['keys', 'revoke', 'ci', '--db', db])).code).to.equal(0);
    const headers = { authorization: `Bearer ${key.trim()}` };
    expectProblem(
      await exchange(`http://127.0.0.1:${port}`, 'GET', '/v1/studies', { headers }),
      401,
      'key_needed',
    );
    service.kill('SIGTERM');
    const ended = await service.ended;
    expect(ended.code).to.equal(0);
    expect(ended.stderr).to.not.contain(secret).and.not.contain('relevance').and.not.contain(db);
    const lines = linesOf(ended.stderr);
    const created = lines.filter(({ status }) => status === 201);
    expect(created.map(({ requestId }) => requestId)).to.deep.equal(hosts.map((host) => `of-${host}`));
    for (const line of created) {
      expect(line).to.deep.include({
        level: 30,
        msg: 'request',
        method: 'POST',
        path: '/v1/studies',
        route: '/v1/studies',
        key: key.slice(4, 16),
      });
      expect(line.ms).to.be.greaterThan(0);
      expect(new Date(line.time).toISOString()).to.equal(line.time);
    }
    expect(lines.find(({ path }) => path === '/v1/studies/pnd_…')).to.include({ status: 401, route: 'none' });
    expect(lines.slice(-2).map(({ msg }) => msg)).to.deep.equal(['draining', 'stopped']);
  });

  it('says in one line that a host is not of this machine', async () => {
    for (const host of ['192.0.2.1', 'nowhere.invalid']) {
      const { code, stdout, stderr } = await started('--host', host, '--db', databases.file('none.db')).ended;
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
      expect(stderr).to.match(
        new RegExp(
          `^pondera: host ${host} is no address of this machine \\(E[A-Z_]+\\): expected one, such as 127.0.0.1 \\(--host\\)\n$`,
        ),
      );
    }
  });

  it('takes the other loopback addresses without a key', async () => {
    const service = started('--host', '127.0.0.2', '--db', databases.file('second.db'));
    const address = await service.address;
    expect(address).to.contain('//127.0.0.2:');
    expect((await sendJson(address, 'GET', '/v1/studies')).status).to.equal(200);
    service.kill('SIGTERM');
    expect((await service.ended).code).to.equal(0);
  });
});

describe('pondera serve that is stopped', () => {
  const databases = temporaryDatabases();
  const file = databases.file('trials.db');
  const running: ServeProcess[] = [];
  after(() => {
    for (const each of running) each.kill('SIGKILL');
    databases.remove();
  });

  /** With so much work for its only worker that it lasts for seconds. */
  async function busyService(...options: readonly string[]) {
    const service = serve('--port', '0', '--db', file, ...options);
    running.push(service);
    const address = await service.address;
    const names = Array.from({ length: 6 }, (_, i) => `slow-${running.length}-${i}`);
    for (const name of names) await sendJson(address, 'POST', '/v1/studies', slowStudy(name));
    const answers = names.map((name) =>
      sendJson(address, 'POST', `/v1/studies/${name}/trials:suggest`, { count: 100 }).catch(
        (error: unknown) => error,
      ),
    );
    let length = '';
    while (length !== '6') {
      const { text } = await sendJson(address, 'GET', '/metrics');
      length = /^pondera_queue_length (\d+)$/m.exec(text)![1]!;
    }
    return { service, address, names, answers };
  }

  it('is not ready meanwhile, gives up what lasts longer than --drain, and ends with code 0', async () => {
    const { service, address, names, answers } = await busyService('--drain', '1');
    const asked = performance.now();
    service.kill('SIGTERM');
    let ready = 200;
    while (ready === 200) ready = (await sendJson(address, 'GET', '/readyz')).status;
    expect(ready).to.equal(503);
    const statuses = (await Promise.all(answers)).map((answer) => (answer as { status?: number }).status);
    expect(statuses).to.include(503);
    for (const status of statuses) expect(status).to.be.oneOf([200, 503]);
    const { code, stderr } = await service.ended;
    expect(code).to.equal(0);
    expect(performance.now() - asked, 'from the signal to the end').to.be.within(1000, 15_000);
    expect(
      linesOf(stderr).every(({ status }) => status === 503),
      stderr,
    ).to.equal(true);

    const again = serve('--port', '0', '--db', file);
    running.push(again);
    for (const [i, name] of names.entries()) {
      const path = `/v1/studies/${name}/trials`;
      const { body } = await sendJson<{ trials: unknown[] }>(await again.address, 'GET', path);
      expect(body.trials.length, 'all of a suggestion, or nothing').to.equal(statuses[i] === 200 ? 100 : 0);
    }
    again.kill('SIGTERM');
    await again.ended;
  });

  it('ends at once at the second signal, whichever it is', async () => {
    const { service, address, answers } = await busyService('--drain', '60');
    service.kill('SIGTERM');
    while ((await sendJson(address, 'GET', '/readyz')).status === 200);
    const asked = performance.now();
    service.kill('SIGINT');
    const { code, signal } = await service.ended;
    expect(performance.now() - asked).to.be.lessThan(5000);
    expect({ code, signal }).to.deep.equal({ code: null, signal: 'SIGINT' });
    await Promise.all(answers);
  });

  it('goes on where nobody reads its log', async () => {
    const service = serve('--port', '0', '--db', file, '--log-level', 'trace');
    running.push(service);
    const address = await service.address;
    service.closeStderr();
    for (let i = 0; i < 50; i++) expect((await sendJson(address, 'GET', '/v1/studies')).status).to.equal(200);
    service.kill('SIGTERM');
    expect((await service.ended).code).to.equal(0);
  });

  it('refuses options that are none', async () => {
    for (const [option, value, expected] of [
      ['--rate', '-1', 'Expected a whole number from 0 to 1000000'],
      ['--queue', '0', 'Expected a whole number from 1 to 100000'],
      ['--deadline', '0', 'Expected a whole number from 1 to 86400'],
      ['--drain', 'x', 'Expected a whole number from 0 to 86400'],
      ['--log-level', 'loud', 'Allowed choices are fatal, error, warn, info, debug, trace, silent'],
    ] as const) {
      const { code, stderr } = await serve('--db', databases.file('never.db'), option, value).ended;
      expect(code).to.equal(2);
      expect(stderr).to.contain(`argument '${value}' is invalid. ${expected}`);
    }
    expect(existsSync(databases.file('never.db'))).to.equal(false);
  });
});
