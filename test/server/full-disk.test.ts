import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { checkIntegrity } from '../../store/integrity.ts';
import { runPondera } from '../e2e/run-pondera.ts';
import { temporaryFolder } from '../e2e/temporary-folder.ts';
import { exchange, expectProblem, sendJson } from './exchange.ts';
import { RELEVANCE_STUDY, type TrialBody } from './relevance-study.ts';
import { serve, type ServeProcess, serveIn } from './serve-process.ts';

const FULL = /the database cannot (grow, the disk is full|be read or written)/;
const WEIGHTS = { fresh: 0.25, close: 0.25, liked: 0.5 };
const MB = 1024 * 1024;

/** Attaches trials with long notes until one is refused; returns the numbers that were acknowledged, and the refused key. */
async function fill(
  address: string,
): Promise<{ readonly stored: readonly number[]; readonly refused: string }> {
  const stored: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const answer = await attach(address, `attach-${i}`, i);
    if (answer.status !== 201) {
      const { detail } = expectProblem(answer, 503, 'database_invalid');
      expect(detail).to.match(FULL);
      return { stored, refused: `attach-${i}` };
    }
    stored.push(answer.body.number);
  }
  throw new Error('the disk did not become full');
}

function attach(address: string, key: string, i: number) {
  const metrics = { relevance: i, safety: 0.5 };
  return exchange<TrialBody>(address, 'POST', '/v1/studies/full/trials', {
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ weights: WEIGHTS, metrics, note: 'x'.repeat(1000) }),
  });
}

async function create(address: string): Promise<void> {
  const study = { ...RELEVANCE_STUDY, name: 'full' };
  expect((await sendJson(address, 'POST', '/v1/studies', study)).status).to.equal(201);
}

async function numbersOf(address: string): Promise<readonly number[]> {
  const { text } = await exchange(address, 'GET', '/v1/studies/full/trials:export');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as TrialBody).number);
}

describe('a disk that is full', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const disk = folder.file('disk');
  let isMounted = false;
  let service: ServeProcess | undefined;

  before(() => {
    mkdirSync(disk);
    isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk]).status === 0;
  });
  after(async () => {
    service?.kill('SIGKILL');
    await service?.ended;
    if (isMounted) spawnSync('umount', [disk]);
    folder.remove();
  });

  it('is said to be full by every write, while reads go on; nothing is lost, and all goes on once there is room', async function () {
    // A small disk of its own can only be had by root.
    if (!isMounted) this.skip();
    writeFileSync(`${disk}/ballast`, Buffer.alloc(3 * MB));
    service = serve('--port', '0', '--db', `${disk}/trials.db`);
    const address = await service.address;
    await create(address);
    const { stored, refused } = await fill(address);
    expect(stored.length).to.be.greaterThan(20);
    expect((await exchange(address, 'GET', '/readyz')).status, 'it can still be read').to.equal(200);
    expect(await numbersOf(address)).to.include.members([...stored]);

    const backup = await runPondera(['db', 'backup', `${disk}/copy.db`, '--db', `${disk}/trials.db`]);
    expect(backup.code).to.equal(2);
    expect(backup.stderr).to.match(/^pondera: [^\n]+\n$/);

    rmSync(`${disk}/ballast`);
    const again = await attach(address, refused, stored.length);
    expect(again.status, again.text).to.equal(201);
    expect(await numbersOf(address)).to.deep.equal([...stored, again.body.number]);
    service.kill('SIGTERM');
    const { code, stderr } = await service.ended;
    expect(code).to.equal(0);
    expect(stderr, 'who runs it is told').to.match(FULL);
    expect(checkIntegrity(`${disk}/trials.db`).trials).to.equal(stored.length + 1);
  });

  it('refuses to start on it in one line', async function () {
    if (!isMounted) this.skip();
    writeFileSync(`${disk}/ballast`, '');
    spawnSync('dd', ['if=/dev/zero', `of=${disk}/ballast`, 'bs=64k']);
    const { code, stdout, stderr } = await serve('--port', '0', '--db', `${disk}/new.db`).ended;
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr).to.match(
      /^pondera: .*new\.db: cannot (grow, the disk is full|be opened|be read or written)[^\n]*\n$/,
    );
  });

  it('that may only be read refuses it in one line, and changes nothing', async function () {
    if (!isMounted) this.skip();
    rmSync(`${disk}/ballast`);
    const before = checkIntegrity(`${disk}/trials.db`).trials;
    expect(spawnSync('mount', ['-o', 'remount,ro', disk]).status).to.equal(0);
    const { code, stdout, stderr } = await serve('--port', '0', '--db', `${disk}/trials.db`).ended;
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr).to.equal(`pondera: ${disk}/trials.db: is read-only: expected a writable database\n`);
    const made = await serve('--port', '0', '--db', `${disk}/new.db`).ended;
    expect({ code: made.code, stdout: made.stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(made.stderr).to.match(/^pondera: .*new\.db: [^\n]*(cannot be opened|read-only)[^\n]*\n$/);
    expect(spawnSync('mount', ['-o', 'remount,rw', disk]).status).to.equal(0);
    expect(checkIntegrity(`${disk}/trials.db`).trials).to.equal(before);
  });

  it('by a file that may grow no further is no other: nothing is lost, and it goes on without the bound', async () => {
    const file = folder.file('bounded.db');
    service = serveIn('ulimit -f 3000', '--port', '0', '--db', file);
    const address = await service.address;
    await create(address);
    const { stored, refused } = await fill(address);
    expect(stored.length).to.be.greaterThan(20);
    expect(await numbersOf(address)).to.deep.equal(stored);
    service.kill('SIGKILL');
    await service.ended;
    service = serve('--port', '0', '--db', file);
    const free = await service.address;
    expect(await numbersOf(free)).to.deep.equal(stored);
    expect((await attach(free, refused, stored.length)).status).to.equal(201);
    service.kill('SIGTERM');
    await service.ended;
    expect(checkIntegrity(file).trials).to.equal(stored.length + 1);
  });
});
