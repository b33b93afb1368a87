import { mkdtempSync, rmSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { receiveFile } from '../../src/server/receive-file.ts';

const MB = 1024 * 1024;

describe('a body that is written to a file as it comes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pondera-receive-'));
  after(() => rmSync(folder, { recursive: true }));

  it('is not held in memory, though its request goes on', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const chunks = 1024;
    const body = Readable.from(
      (function* () {
        for (let i = 0; i < chunks; i++) yield Buffer.alloc(64 * 1024, i % 251);
      })(),
      { objectMode: false },
    );
    const request = Object.assign(body, { headers: {} }) as unknown as IncomingMessage;
    const asking = new AbortController();
    const path = join(folder, 'body');
    collect();
    const before = process.memoryUsage().arrayBuffers;
    const received = await receiveFile(request, path, 1e9, asking.signal);
    // What is held by mistake hangs on the signal.
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    const growth = process.memoryUsage().arrayBuffers - before;
    expect(received?.bytes).to.equal(64 * MB);
    expect(statSync(path).size).to.equal(64 * MB);
    expect(growth / MB, 'MB').to.be.lessThan(8);
    expect(asking.signal.aborted).to.equal(false);
  });

  it('is given up by its signal while nothing of it comes', async () => {
    const request = Object.assign(new Readable({ read: () => undefined }), { headers: {} });
    const asking = new AbortController();
    const reason = new Error('given up');
    const receiving = receiveFile(
      request as unknown as IncomingMessage,
      join(folder, 'silent'),
      1e9,
      asking.signal,
    );
    setTimeout(() => asking.abort(reason), 5);
    expect(await receiving.catch((error: unknown) => error)).to.equal(reason);
  });
});
