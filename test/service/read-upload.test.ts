import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { NOT_STARTED } from '../../src/service/log-process.ts';
import { readUpload } from '../../src/service/read-upload.ts';
import type { ReadoutEnd, ReadoutTask } from '../../src/service/readout-process.ts';
import { runReadoutTask } from '../../src/service/readout-task.ts';

const folder = mkdtempSync(join(tmpdir(), 'pondera-read-upload-'));
const taskOf = (path: string): ReadoutTask => ({
  path,
  request: { arm: 'arm', unit: 'user_id', columns: {}, covariates: {}, nulls: 'refuse', adjusted: false },
  expected: { arms: ['baseline'], kinds: { saves: 'volume' } },
  bounds: { memoryBytes: 200e6, spillFolder: join(folder, 'spill'), spillBytes: 100e6, threads: 1 },
});
const task = taskOf(join(folder, 'readout.csv'));

describe('reading a file by a process', () => {
  after(() => rmSync(folder, { recursive: true }));

  it('tells what is wrong with the file from what is wrong with the program', async () => {
    const refused = await endedBy({ kind: 'refused', code: 'readout_invalid', message: 'x', line: 7 });
    expect(refused).to.be.instanceOf(DomainError);
    expect(refused).to.deep.include({ code: 'readout_invalid', details: { line: 7 }, place: {} });
    const failures: string[] = [];
    const starved = await endedBy({ kind: 'ended', how: 'SIGABRT', stderr: 'a stack' }, failures);
    expect(starved).to.include({ code: 'readout_invalid' });
    expect(starved.message).to.equal(
      'the process that read the file broke down (SIGABRT), most likely for want of memory: expected shorter lines, or fewer rows or columns',
    );
    for (const how of ['SIGKILL', '137', NOT_STARTED]) {
      const killed = await endedBy({ kind: 'ended', how, stderr: 'spawn /a/path EAGAIN' }, failures);
      expect(killed, 'no fault of the file').to.include({ code: 'reading_ended' });
      expect(killed.message).to.contain(`was ended (${how})`);
      expect(killed.message).to.not.contain('/a/path');
    }
    expect(failures, 'what who runs it reads').to.have.length(4);
    expect(failures[0]).to.match(/ a stack$/);
    for (const told of failures.slice(1)) expect(told).to.match(/ spawn \/a\/path EAGAIN$/);
    for (const end of [
      { kind: 'failed', text: 'a stack' },
      { kind: 'ended', how: 'SIGSEGV', stderr: 'a stack' },
      { kind: 'ended', how: '1', stderr: 'a stack' },
    ] as const) {
      const fault = await endedBy(end);
      expect(fault).to.not.be.instanceOf(DomainError);
      expect(fault.message, 'for the log of the service').to.contain('a stack');
    }
  });

  it('is begun for nobody who has gone, and ends with who goes, once the process has', async () => {
    const reason = new DomainError('deadline_passed', 'x');
    let starts = 0;
    const late = readUpload(
      () => {
        starts++;
        return expect.fail('it was started');
      },
      task,
      AbortSignal.abort(reason),
      () => expect.fail('it failed'),
    );
    expect(await late.catch((error: unknown) => error)).to.equal(reason);
    expect(starts).to.equal(0);

    const asking = new AbortController();
    const order: string[] = [];
    let end!: (how: ReadoutEnd) => void;
    const reading = readUpload(
      () => ({ ended: new Promise((resolve) => (end = resolve)), kill: () => order.push('killed') }),
      task,
      asking.signal,
      () => expect.fail('it failed'),
    ).catch((error: unknown) => order.push(error === reason ? 'given up' : 'other'));
    asking.abort(reason);
    await Promise.resolve();
    order.push('ended');
    end({ kind: 'ended', how: 'SIGKILL', stderr: '' });
    await reading;
    expect(order).to.deep.equal(['killed', 'ended', 'given up']);
  });

  it('names parameters as REST does', async () => {
    const path = join(folder, 'empty-number.csv');
    writeFileSync(path, 'user_id,arm,saves\nu,baseline,\n');
    expect(await runReadoutTask(taskOf(path))).to.deep.include({
      kind: 'refused',
      line: 2,
      message:
        'row 1: column "saves" (metric saves) is empty: expected a number, up to 1e+40 in size, or the readout with empty values taken for 0 (emptyIsZero=true)',
    });
  });

  it('takes no words of a client or a file for those of a disk or a memory that is full', async () => {
    const path = join(folder, 'words.csv');
    for (const words of [
      'No space left on device',
      'IO Error: x: No space left on device',
      'Disk quota exceeded',
      'Out of Memory Error',
      'std::bad_alloc',
      'max_temp_directory_size',
    ]) {
      writeFileSync(path, `user_id,arm,saves\nu,${words},1\n`);
      const arm = await runReadoutTask(taskOf(path));
      expect(arm).to.include({ kind: 'refused', code: 'readout_invalid' });
      expect((arm as { message: string }).message).to.contain(`"${words}"`);
      const { request, ...rest } = taskOf(path);
      const column = await runReadoutTask({ ...rest, request: { ...request, columns: { saves: words } } });
      expect(column).to.include({ kind: 'refused', code: 'readout_invalid' });
      expect((column as { message: string }).message).to.contain(`"${words}"`);
      writeFileSync(path, `user_id,arm,saves\nu,baseline,${words}\n`);
      expect(await runReadoutTask(taskOf(path))).to.include({
        kind: 'refused',
        code: 'readout_invalid',
        line: 2,
      });
    }
  });

  it('says of bytes that are no text, or not packed as was said, that they are none', async () => {
    const csv = 'user_id,arm,saves\nu,baseline,1\nv,baseline,2\n';
    const tar = Buffer.alloc(1536);
    tar.write('readout|file.csv', 0);
    tar.write('ustar', 257);
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(csv, 'utf16le')]);
    const noCsv = 'is no CSV in UTF-8, by the bytes of its first line: expected text';
    for (const [name, content, told] of [
      ['tar.csv', tar, noCsv],
      ['utf16.csv', utf16, noCsv],
      ['utf16-without-mark.csv', utf16.subarray(2), noCsv],
      ['bytes.csv', createHash('sha512').update('bytes').digest(), noCsv],
      ['bytes.csv.gz', gzipSync(tar), noCsv],
      ['not.csv.gz', csv, 'is not gzip data: expected what Content-Encoding says'],
      ['not.csv.zst', csv, 'is not zstd data: expected what Content-Encoding says'],
      [
        'more.csv.gz',
        Buffer.concat([gzipSync(csv), Buffer.from('more of it')]),
        'the gzip data is followed by bytes that are none: expected nothing after it',
      ],
    ] as const) {
      const path = join(folder, name);
      writeFileSync(path, content);
      const end = await runReadoutTask(taskOf(path));
      expect(end, name).to.include({ kind: 'refused', code: 'readout_invalid', message: told });
    }
  });

  it('names no path, whatever is wrong', async () => {
    const files: readonly (readonly [string, string | Buffer])[] = [
      ['missing.csv', ''],
      ['empty.csv', ''],
      ['broken.csv', 'user_id,arm,saves\nu,baseline\n'],
      ['wrong.ndjson', 'x\n'],
      ['damaged.parquet', `PAR1${'x'.repeat(50)}PAR1`],
      ['cut.parquet', 'PAR1'],
      ['bytes.csv', Buffer.from([0x61, 0x2c, 0xff, 0x0a, 0xff])],
      ['not.csv.gz', 'user_id'],
      ['not.csv.zst', 'user_id'],
      ['arm.csv', 'user_id,arm,saves\nu,other,1\n'],
    ];
    for (const [name, content] of files) {
      const path = join(folder, name);
      if (name !== 'missing.csv') writeFileSync(path, content);
      const end = await runReadoutTask(taskOf(path));
      expect(end.kind, `${name}: ${JSON.stringify(end)}`).to.equal('refused');
      expect(end).to.include({ code: 'readout_invalid' });
      expect(JSON.stringify(end)).to.not.contain(folder);
      expect(JSON.stringify(end)).to.not.contain('pondera-read-upload');
    }
  });
});

/** What reading rejects with where its process ends so. */
async function endedBy(end: ReadoutEnd, failures: string[] = []): Promise<Error> {
  const ended = { ended: Promise.resolve(end), kill: () => undefined };
  return readUpload(
    () => ended,
    task,
    new AbortController().signal,
    (line) => failures.push(line),
  ).then(
    () => expect.fail('it was read'),
    (error: unknown) => error as Error,
  );
}
