import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { expect } from 'chai';
import { sendJson } from './exchange.ts';
import { RELEVANCE_STUDY } from './relevance-study.ts';
import { temporaryDatabases } from './running-service.ts';
import { serve, type ServeProcess } from './serve-process.ts';

/** How long an ending may take, from the signal on. */
const LONGEST_END_MS = 2000;

/** Its body has nine bytes, of which one is sent. */
const UNFINISHED_REQUEST =
  'POST /v1/studies HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{';

describe('pondera serve', () => {
  const databases = temporaryDatabases();
  const file = databases.file('trials.db');
  let service: ServeProcess;
  let address: string;
  before(async () => {
    service = serve('--port', '0', '--db', file);
    address = await service.address;
  });
  after(() => {
    service.kill('SIGKILL');
    databases.remove();
  });

  it('says in one line that its port is in use or is none', async () => {
    const { port } = new URL(address);
    const taken = serve('--port', port, '--db', databases.file('second.db'));
    const absurd = serve('--port', '65536', '--db', databases.file('third.db'));
    expect(await taken.ended).to.deep.include({
      code: 2,
      stdout: '',
      stderr: `pondera: port ${port} is in use: expected a free port (--port)\n`,
    });
    expect(existsSync(databases.file('second.db')), 'no database is made for a port that is taken').to.equal(
      false,
    );
    const { code, stderr } = await absurd.ended;
    expect(code).to.equal(2);
    expect(stderr.split('\n')[0]).to.contain("'65536' is invalid. Expected a whole number from 0 to 65535");
  });

  it('says in one line what is wrong with its database', async () => {
    const missing = serve('--port', '0', '--db', databases.file('nowhere/trials.db'));
    const { code, stdout, stderr } = await missing.ended;
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr)
      .to.contain('its folder does not exist')
      .and.to.match(/^[^\n]+\n$/);
  });

  it('ends at SIGTERM though connections are open, and finishes the request that runs', async () => {
    const created = await sendJson(address, 'POST', '/v1/studies', { ...RELEVANCE_STUDY, name: 'kept' });
    expect(created.status).to.equal(201);
    const silent = connect(Number(new URL(address).port), '127.0.0.1');
    const unfinished = connect(Number(new URL(address).port), '127.0.0.1');
    unfinished.write(UNFINISHED_REQUEST);
    for (const socket of [silent, unfinished]) socket.on('error', () => undefined);
    await Promise.all([once(silent, 'connect'), once(unfinished, 'connect')]);
    const suggested = sendJson(address, 'POST', '/v1/studies/kept/trials:suggest', { count: 9 });
    await sendJson(address, 'GET', '/v1/studies');

    const asked = performance.now();
    service.kill('SIGTERM');
    expect((await suggested).status).to.equal(200);
    const { code, stdout, stderr } = await service.ended;
    expect(performance.now() - asked).to.be.lessThan(LONGEST_END_MS);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.equal(`pondera listens on ${address}/v1/studies with ${file} (new); Ctrl-C ends it\n`);
  });

  it('finds everything again when it is started again, and ends at SIGINT', async () => {
    const again = serve('--port', '0', '--db', file);
    const { body } = await sendJson<{ trials: unknown[] }>(
      await again.address,
      'GET',
      '/v1/studies/kept/trials',
    );
    expect(body.trials).to.have.length(9);
    again.kill('SIGINT');
    const { code, stdout, stderr } = await again.ended;
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout, 'it is no new database').to.contain(` with ${file}; Ctrl-C`);
  });
});
