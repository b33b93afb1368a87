import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startMeasuringProcess } from '../../src/cli/start-log-process.ts';

const CHILD = fileURLToPath(new URL('./start-process-child.js', import.meta.url));

describe('a process of the service', () => {
  for (const [why, told] of [
    ['ENOENT', /^spawn \/nowhere\/node ENOENT$/],
    ['EMFILE', /EMFILE/],
  ] as const) {
    it(`that cannot be started (${why}) has ended, and the service goes on`, () => {
      const limited = `ulimit -n 64 && exec "$0" "$@"`;
      const { status, stdout, stderr } = spawnSync('sh', ['-c', limited, process.execPath, CHILD, why], {
        encoding: 'utf8',
        // It may open no file for that.
        env: { ...process.env, NODE_V8_COVERAGE: '' },
      });
      expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
      const ends = JSON.parse(stdout) as { kind?: string; how: string; stderr: string }[];
      expect(ends).to.have.length(3);
      expect(ends[0]!.kind).to.equal('ended');
      for (const end of ends) {
        expect(end.how, 'what a client may read').to.equal('it could not be started');
        expect(end.stderr, 'what its operator reads').to.match(told);
      }
    });
  }

  it('that is killed has ended by its signal', async () => {
    const { exited, kill } = startMeasuringProcess(() => undefined);
    kill();
    expect(await exited).to.deep.equal({ how: 'SIGKILL', stderr: '' });
  });
});
