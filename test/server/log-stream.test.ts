import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { createLogStream } from '../../src/server/log-stream.ts';
import { createLogger } from '../../src/server/logger.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';

const lines = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${i} ${'é'.repeat(i % 50)}\n`);

describe('the stream of log lines', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('writes every line once, in order, and nothing after its end', async () => {
    const descriptor = openSync(folder.file('log'), 'w');
    const stream = createLogStream(descriptor);
    for (const line of lines(3000)) stream.write(line);
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (const line of lines(3000)) stream.write(line);
    await stream.end();
    stream.write('late\n');
    await new Promise((resolve) => setTimeout(resolve, 5));
    closeSync(descriptor);
    expect(readFileSync(folder.file('log'), 'utf8')).to.equal([...lines(3000), ...lines(3000)].join(''));
  });

  it('gives lines up where they cannot be written', async () => {
    const descriptor = openSync(folder.write('log', ''), 'r');
    const stream = createLogStream(descriptor);
    for (const line of lines(100)) stream.write(line);
    await stream.end();
    stream.write('late\n');
    closeSync(descriptor);
    expect(readFileSync(folder.file('log'), 'utf8')).to.equal('');
  });

  it('waits for nobody: with a reader that reads nothing it goes on, ends, and its memory is bounded', async () => {
    // The script has a pipe as its stderr that this test never reads.
    const script = `
      const { createLogStream } = await import(${JSON.stringify(new URL('../../src/server/log-stream.js', import.meta.url).href)});
      const stream = createLogStream(process.stderr.fd);
      const line = 'x'.repeat(999) + '\\n';
      for (let i = 0; i < 100; i++) {
        for (let j = 0; j < 1000; j++) stream.write(line);
        await new Promise((resolve) => setImmediate(resolve));
      }
      const start = performance.now();
      await stream.end();
      console.log(JSON.stringify({ ending: performance.now() - start, megabytes: process.memoryUsage().rss / 1e6 }));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    child.stderr.destroy();
    expect(code).to.equal(0);
    const { ending, megabytes } = JSON.parse(stdout) as { ending: number; megabytes: number };
    expect(ending).to.be.within(400, 2000);
    expect(megabytes, '100 MB were written').to.be.lessThan(150);
  });

  it('takes the lines of a logger, of its level and above, as JSON with an ISO time', async () => {
    const descriptor = openSync(folder.file('log'), 'w');
    const stream = createLogStream(descriptor);
    const logger = createLogger('warn', stream);
    logger.info('not this');
    logger.error({ err: new RangeError('on purpose'), requestId: 'a' }, 'fault');
    await stream.end();
    closeSync(descriptor);
    const [line, ...others] = readFileSync(folder.file('log'), 'utf8').trimEnd().split('\n');
    expect(others).to.deep.equal([]);
    const { time, err, ...rest } = JSON.parse(line!) as {
      time: string;
      err: { message: string; stack: string };
    };
    expect(rest).to.deep.equal({ level: 50, requestId: 'a', msg: 'fault' });
    expect(new Date(time).toISOString()).to.equal(time);
    expect(err.message).to.equal('on purpose');
    expect(err.stack).to.contain('log-stream.test');
  });
});
