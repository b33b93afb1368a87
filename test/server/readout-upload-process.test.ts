import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { temporaryFolder } from '../e2e/temporary-folder.ts';
import { expectProblem, sendJson } from './exchange.ts';
import { type ExperimentBody, ONLINE_STUDY, WINDOW } from './online-study.ts';
import { CSV, importPath, randomName, sendFile, uploadsIn, userRows } from './readout-upload.ts';
import { serve, type ServeProcess } from './serve-process.ts';

const MB = 1024 * 1024;

describe('pondera serve, which takes files of readouts', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const uploads = folder.file('uploads');
  const db = folder.file('trials.db');
  const running: ServeProcess[] = [];
  let arms: ExperimentBody['arms'];

  const started = (...options: readonly string[]): ServeProcess => {
    const service = serve('--port', '0', '--db', db, ...options);
    running.push(service);
    return service;
  };
  async function arriving(address: string): Promise<ClientRequest> {
    const headers = { 'content-type': CSV };
    const sent = request(`${address}${importPath('sent')}`, { method: 'POST', headers, agent: false });
    sent.on('error', () => undefined);
    sent.write('user_id,arm,');
    while (!uploadsIn(uploads).some((name) => name.endsWith('.csv'))) await setTimeout(10);
    return sent;
  }

  before(async () => {
    mkdirSync(uploads);
    const service = started();
    const address = await service.address;
    await sendJson(address, 'POST', '/v1/studies', { ...ONLINE_STUDY, name: 'sent' });
    const planned = { window: WINDOW, arms: 2 };
    const path = '/v1/studies/sent/experiments';
    ({ arms } = (await sendJson<ExperimentBody>(address, 'POST', path, planned)).body);
    await stopped(service, 'SIGTERM');
  });
  after(async () => {
    for (const each of running) await stopped(each, 'SIGKILL');
    folder.remove();
  });

  it('removes what one before has left that was killed, and what is arriving when it is stopped', async () => {
    const killed = started('--upload-folder', uploads);
    await arriving(await killed.address);
    await stopped(killed, 'SIGKILL');
    expect(uploadsIn(uploads), 'it lies there still').to.have.length(2);
    const next = started('--upload-folder', uploads, '--drain', '0');
    const address = await next.address;
    expect(uploadsIn(uploads)).to.deep.equal([]);
    const sent = await arriving(address);
    // Who has not sent all of its body is answered where that is in time, and else cut off.
    const status = (once(sent, 'response') as Promise<[IncomingMessage]>).then(
      ([response]) => response.statusCode,
      () => 503,
    );
    const stderr = await stopped(next, 'SIGTERM');
    expect(await status).to.equal(503);
    expect(uploadsIn(uploads)).to.deep.equal([]);
    expect((await next.ended).code, stderr).to.equal(0);
  });

  it('is bounded as its operator says', async () => {
    const service = started('--upload-folder', uploads, '--upload-size', '2kB');
    expect((await service.ended).code, 'no amount').to.not.equal(0);
    const starved = await started('--upload-folder', uploads, '--upload-memory', '63MB').ended;
    expect(starved.code).to.equal(2);
    expect(starved.stderr).to.contain('Expected at least 64MB, without which no file is read.');
    const bounded = started(
      '--upload-folder',
      uploads,
      '--upload-size',
      '3000',
      '--uploads',
      '1',
      '--upload-memory',
      '64MB',
    );
    const address = await bounded.address;
    const tooLarge = await sendFile(address, importPath('sent'), userRows(arms, 100));
    expect(expectProblem(tooLarge, 413, 'body_too_large').detail).to.contain('at most 3000 bytes');
    const fits = await sendFile(address, importPath('sent'), userRows(arms, 20));
    expect(fits.status, fits.text).to.equal(201);
    const sent = await arriving(address);
    expectProblem(await sendFile(address, importPath('sent'), 'x'), 429, 'uploads_full');
    sent.destroy();
    await stopped(bounded, 'SIGTERM');
  });

  it('does not start where there is no such folder, and says so in one line', async () => {
    const nowhere = folder.file('nowhere');
    const { code, stdout, stderr } = await started('--upload-folder', nowhere).ended;
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr).to.equal(
      `pondera: ${nowhere} takes no files (ENOENT): expected a folder that may be written to (--upload-folder)\n`,
    );
    expect(existsSync(nowhere)).to.equal(false);
  });

  it('answers 507 where the disk is full, leaves nothing there, and tells who runs it', async function () {
    const disk = folder.file('disk');
    mkdirSync(disk);
    // A small disk of its own can only be had by root.
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status !== 0) this.skip();
    try {
      const service = started('--upload-folder', disk, '--upload-memory', '70MB');
      const address = await service.address;
      const rows = userRows(arms, 40_000);
      expect(rows.length).to.be.greaterThan(2 * MB);
      const answer = await sendFile(address, importPath('sent'), rows);
      const { detail, title } = expectProblem(answer, 507, 'disk_full');
      expect(title).to.equal('Insufficient storage');
      expect(detail).to.match(/^the disk is full where bodies are kept while they are read, after \d+ bytes/);
      expect(readdirSync(disk)).to.deep.equal([]);
      const packed = { 'content-encoding': 'gzip' };
      const long = gzipSync(`${randomName(20_000)},baseline,1,1\n`.repeat(2000));
      const body = Buffer.concat([gzipSync('user_id,arm,saves,clicks\n'), long, long, long]);
      const spilling = await sendFile(address, importPath('sent'), body, packed);
      expect(expectProblem(spilling, 507, 'disk_full').detail).to.equal(
        'the disk is full where it is kept while it is read: expected room, or less of it',
      );
      expect(readdirSync(disk)).to.deep.equal([]);
      // Room for the file and not for all that reading it takes is enough while memory holds its rows.
      const sound = await sendFile(address, importPath('sent'), userRows(arms, 5000));
      expect(sound.status, sound.text).to.equal(201);
      writeFileSync(`${disk}/ballast`, Buffer.alloc(1.9 * MB));
      const none = await sendFile(address, importPath('sent'), userRows(arms, 10_000));
      expectProblem(none, 507, 'disk_full');
      expect(readdirSync(disk)).to.deep.equal(['ballast']);
      const stderr = await stopped(service, 'SIGTERM');
      expect(stderr).to.contain('the disk is full where bodies are kept');
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});

/** What it wrote to stderr, once it has ended. */
async function stopped(service: ServeProcess, signal: NodeJS.Signals): Promise<string> {
  service.kill(signal);
  return (await service.ended).stderr;
}
