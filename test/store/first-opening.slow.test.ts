import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';

const WORKER = new URL('./open-together-worker.js', import.meta.url);
const WORKERS = 3;
const DATABASES = 150;

describe('a new database', function () {
  this.timeout(120_000);
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('is made once where several threads or processes open it at the same moment', async () => {
    const files = Array.from({ length: DATABASES }, (_, i) => folder.file(`${i}.db`));
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const workers = Array.from(
      { length: WORKERS },
      () => new Worker(WORKER, { workerData: { files, gate, workers: WORKERS }, stdout: true }),
    );
    const problems = await Promise.all(workers.map(({ stdout }) => text(stdout)));
    expect(problems).to.deep.equal(['', '', '']);
  });
});
