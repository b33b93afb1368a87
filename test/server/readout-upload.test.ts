import { once } from 'node:events';
import { copyFileSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { startReadoutProcess } from '../../src/cli/start-readout-process.ts';
import { createLifecycle } from '../../src/server/lifecycle.ts';
import type { ServiceLimits } from '../../src/server/service-limits.ts';
import type { ReadoutTask } from '../../src/service/readout-process.ts';
import { type TemporaryLogs, temporaryLogs } from '../evaluator/temporary-log.ts';
import { expectProblem } from './exchange.ts';
import { createOnlineStudy, type ExperimentBody, planRound } from './online-study.ts';
import { CSV, importPath, PARQUET, randomName, sendFile, uploadsIn, userRows } from './readout-upload.ts';
import { type RunningService, startService, temporaryDatabases } from './running-service.ts';

/** Of a loaded machine: for a process to start, or to end. */
const PATIENCE_MS = 10_000;

describe('a file that is sent', () => {
  const databases = temporaryDatabases();
  const prepared = databases.file('prepared.db');
  let uploads: TemporaryLogs;
  let service: RunningService;
  let arms: ExperimentBody['arms'];
  let started: ReadoutTask[];
  let ended: string[];
  let failures: string[];

  async function start(
    limits: Partial<ServiceLimits> = {},
    lifecycle = createLifecycle(),
    read = startReadoutProcess,
  ): Promise<void> {
    [started, ended, failures] = [[], [], []];
    const db = databases.file(`${performance.now()}.db`);
    copyFileSync(prepared, db);
    service = await startService(db, undefined, { limits, lifecycle }, undefined, undefined, {
      folder: uploads.folder,
      start: (task) => {
        started.push(task);
        const reading = read(task);
        void reading.ended.then(({ kind }) => ended.push(kind));
        return reading;
      },
      onFailure: (study, line) => failures.push(`${study}: ${line}`),
    });
  }
  const send = (body: string | Uint8Array, headers = {}, waitMs?: number) =>
    sendFile(service.address, importPath('sent'), body, headers, waitMs);

  /** A request whose body has begun to arrive, and no more. */
  async function begin(): Promise<ClientRequest> {
    const sent = request(`${service.address}${importPath('sent')}`, {
      method: 'POST',
      headers: { 'content-type': CSV },
      agent: false,
    });
    sent.on('error', () => undefined);
    sent.write('user_id,arm,');
    await until(() => uploadsIn(uploads.folder).some((name) => name.endsWith('.csv')));
    return sent;
  }

  before(async () => {
    uploads = temporaryLogs();
    const preparing = await startService(prepared);
    await createOnlineStudy(preparing, 'sent');
    ({ arms } = await planRound(preparing, 'sent', { arms: 2 }));
    await preparing.close();
  });
  afterEach(async () => {
    await service.close();
    expect(uploadsIn(uploads.folder)).to.deep.equal([]);
    expect(ended, 'no process is left').to.have.length(started.length);
    expect(service.faults).to.deep.equal([]);
  });
  after(() => {
    uploads.remove();
    databases.remove();
  });

  it('lies where nobody else may look while it arrives, and is gone when its client leaves', async () => {
    await start();
    const sent = await begin();
    const [folder, file] = uploadsIn(uploads.folder).toSorted() as [string, string];
    expect(statSync(join(uploads.folder, folder)).mode & 0o777).to.equal(0o700);
    expect(statSync(join(uploads.folder, file)).mode & 0o777).to.equal(0o600);
    sent.destroy();
    await until(() => uploadsIn(uploads.folder).length === 0);
    expect(started).to.deep.equal([]);
  });

  it('holds up a service that stops for nobody who has left, be it before the body is waited for', async () => {
    const lifecycle = createLifecycle();
    await start({}, lifecycle);
    const { hostname, port } = new URL(service.address);
    const head = [`POST ${importPath('sent')} HTTP/1.1`, `Host: ${hostname}:${port}`, `Content-Type: ${CSV}`];
    const sent = `${[...head, 'Content-Length: 1000'].join('\r\n')}\r\n\r\nuser_id`;
    for (let i = 0; i < 20; i++) {
      const client = connect(Number(port), hostname);
      client.write(sent);
      await once(client, 'connect');
      await setTimeout(i % 4);
      client.destroy();
    }
    await until(() => lifecycle.open.size === 0 && uploadsIn(uploads.folder).length === 0);
    expect(started).to.deep.equal([]);
    expect(await lifecycle.drain(PATIENCE_MS)).to.equal(0);
  });

  it('is told to be sent again where its reader is killed, and who runs the service is told', async () => {
    await start({}, createLifecycle(), (task) => {
      const reading = startReadoutProcess(task);
      reading.kill();
      return reading;
    });
    const answer = await send(userRows(arms, 100));
    const { detail } = expectProblem(answer, 503, 'reading_ended');
    expect(detail).to.contain('(SIGKILL), perhaps for want of memory, and nothing of it is stored');
    expect(answer.headers['retry-after']).to.equal('10');
    expect(failures).to.deep.equal([`sent: ${detail}`]);
  });

  it('that is stored is answered so, be it that its folder stays', async () => {
    await start({}, createLifecycle(), (task) => {
      const reading = startReadoutProcess(task);
      // Nobody may remove a folder from what is no folder any more.
      const ended = reading.ended.then((end) => {
        renameSync(uploads.folder, `${uploads.folder}-moved`);
        writeFileSync(uploads.folder, '');
        return end;
      });
      return { ...reading, ended };
    });
    const { status, text } = await send(userRows(arms, 100));
    rmSync(uploads.folder);
    renameSync(`${uploads.folder}-moved`, uploads.folder);
    expect(status, text).to.equal(201);
    expect(failures).to.have.length(1);
    expect(failures[0]).to.match(/^sent: .*ENOTDIR/);
  });

  it('is given up when its client leaves while it is read', async () => {
    await start();
    const sent = request(`${service.address}${importPath('sent')}`, {
      method: 'POST',
      headers: { 'content-type': CSV },
      agent: false,
    });
    sent.on('error', () => undefined);
    sent.end(userRows(arms, 100));
    await until(() => started.length === 1);
    sent.destroy();
    await until(() => uploadsIn(uploads.folder).length === 0);
    expect(ended, 'its process was ended before it had read').to.deep.equal(['ended']);
    const path = '/v1/studies/sent/experiments/1/readouts';
    expect((await service.get<{ readouts: [] }>(path)).body.readouts).to.deep.equal([]);
  });

  it('is given up at the deadline, from its arrival on', async () => {
    await start({ deadline: 0.02 });
    const sent = await begin();
    await setTimeout(100);
    expect(sent.destroyed).to.equal(false);
    sent.destroy();
    const { detail } = expectProblem(await send(userRows(arms, 100)), 503, 'deadline_passed');
    expect(detail).to.match(/^the work took longer than 0.02 s and was given up, nothing of it is stored/);
  });

  it('is given up with what has not ended when the service stops, be it arriving or read', async () => {
    const lifecycle = createLifecycle();
    await start({}, lifecycle);
    const arriving = await begin();
    const answered = once(arriving, 'response') as Promise<[IncomingMessage]>;
    const reading = send(userRows(arms, 100));
    await until(() => started.length === 1);
    expect(await lifecycle.drain(0)).to.equal(2);
    expectProblem(await reading, 503, 'service_stopping');
    const [response] = await answered;
    expect(response.statusCode).to.equal(503);
    arriving.destroy();
  });

  it('is refused with 413 beyond its bound, told beforehand or not', async () => {
    await start({ uploadSize: 2000 });
    const rows = userRows(arms, 100);
    const told = expectProblem(await send(rows), 413, 'body_too_large');
    expect(told.detail).to.equal('the body is too large: expected at most 2000 bytes');
    const sent = await begin();
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    // More than lies in buffers on the way: the rest is read and dropped.
    sent.end(rows.repeat(2000));
    const [response] = await answered;
    expect(response.statusCode).to.equal(413);
    response.resume();
    await once(response, 'end');
    expect(started).to.deep.equal([]);
    const fits = userRows(arms, 100).slice(0, 2000);
    const last = fits.lastIndexOf('\n') + 1;
    const answer = await send(fits.slice(0, last) + '\n'.repeat(2000 - last));
    expect(answer.status, 'what is just as large is read').to.equal(201);
  });

  it('waits for no other: beyond so many at a time the answer is 429, and all else goes on', async () => {
    await start({ uploads: 1 });
    const sent = await begin();
    const beyond = await send(userRows(arms, 100));
    const { detail } = expectProblem(beyond, 429, 'uploads_full');
    expect(detail).to.equal('1 files of readouts are received or read: expected fewer at a time');
    expect(Number(beyond.headers['retry-after'])).to.be.within(1, 60);
    expect((await service.get('/v1/studies/sent/experiments/1/readouts')).status).to.equal(200);
    sent.destroy();
    await until(() => uploadsIn(uploads.folder).length === 0);
    expect((await send(userRows(arms, 100))).status).to.equal(201);
  });

  it('is not asked for where its study or its query is wrong, or its round has ended', async () => {
    await start();
    const refused = async (path: string, status: number): Promise<void> => {
      const sent = request(`${service.address}${path}`, {
        method: 'POST',
        headers: { 'content-type': CSV, expect: '100-continue' },
        agent: false,
      });
      sent.flushHeaders();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      expect(response.statusCode, path).to.equal(status);
      sent.destroy();
      expect(uploadsIn(uploads.folder)).to.deep.equal([]);
    };
    await refused(importPath('nobody'), 404);
    await refused(importPath('sent', 'start=2030-01-02&end=2030-01-01'), 422);
    await refused(importPath('sent', 'matures=2001-01-01'), 422);
    await service.post('/v1/studies/sent/experiments/1:end');
    await refused(importPath('sent'), 409);
  });

  it('of 300,000 users is read beside the requests of others, none of which waits for it', async () => {
    await start();
    const rows = userRows(arms, 100_000);
    const begin = performance.now();
    const reading = send(rows, {}, 60_000);
    let others = 0;
    let longest = 0;
    const waiting = new Set([reading]);
    void reading.finally(() => waiting.clear());
    while (waiting.size > 0) {
      const asked = performance.now();
      expect((await service.get('/v1/studies/sent/experiments/1')).status).to.equal(200);
      longest = Math.max(longest, performance.now() - asked);
      others++;
      await setTimeout(10);
    }
    const share = longest / (performance.now() - begin);
    const { status, text, body } = await reading;
    expect(status, text).to.equal(201);
    expect(body.read).to.include({ rows: 300_000, users: 300_000 });
    expect(others).to.be.greaterThan(10);
    expect(share, 'of the time, the longest that somebody waited').to.be.lessThan(0.5);
  });

  describe('that holds far more than it seems', () => {
    /** What neither the memory nor the disk of a reader holds. */
    const bounds = { uploadMemory: 70e6, uploadSize: 1e6 };
    /** Packs well again and again, and hardly once. */
    const LONG_NAME = randomName(20_000);
    const gzip = { 'content-encoding': 'gzip' };

    it('is read where it is none of that', async () => {
      await start(bounds);
      const answer = await send(gzipSync(userRows(arms, 3000)), gzip);
      expect(answer.status, answer.text).to.equal(201);
    });

    it('is refused where its rows take more than a reader may, packed as CSV', async () => {
      await start(bounds);
      const rows = `${LONG_NAME},baseline,1,1\n`.repeat(2000);
      const body = Buffer.concat([gzipSync('user_id,arm,saves,clicks\n'), ...times(3, gzipSync(rows))]);
      expect(body.length).to.be.lessThan(bounds.uploadSize);
      const answer = await send(body, gzip, 60_000);
      const { detail } = expectProblem(answer, 422, 'readout_invalid');
      expect(detail).to.equal(
        'reading it takes more memory, and room on disk, than it may: expected fewer rows or columns',
      );
    });

    it('is refused likewise as Parquet', async () => {
      await start(bounds);
      const file = await uploads.writeParquet(
        'bomb.parquet',
        `SELECT 'baseline' AS arm, '${LONG_NAME}' AS user_id, 1.5 AS saves, 1 AS clicks FROM range(12000)`,
      );
      const body = readFileSync(file);
      expect(body.length).to.be.lessThan(bounds.uploadSize);
      const answer = await send(body, { 'content-type': PARQUET }, 60_000);
      const { detail } = expectProblem(answer, 422, 'readout_invalid');
      expect(detail).to.match(/^reading it takes more memory, and room on disk/);
    });

    it('is refused where all of it is one line', async () => {
      await start(bounds);
      const body = Buffer.concat(times(8, gzipSync(Buffer.alloc(50e6, 'a'))));
      const { detail } = expectProblem(await send(body, gzip, 60_000), 422, 'readout_invalid');
      expect(detail).to.match(/^the process that read the file broke down \(SIGABRT\), most likely for want/);
      expect(failures).to.have.length(1);
      expect(failures[0], 'who runs it reads its last words').to.match(/^sent: the process .*heap/s);
    });
  });
});

function times<Item>(count: number, item: Item): Item[] {
  return Array.from({ length: count }, () => item);
}

async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > end) throw new Error('waited in vain');
    await setTimeout(5);
  }
}
