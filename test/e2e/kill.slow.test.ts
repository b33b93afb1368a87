import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { killSweep } from './killed-sweep.ts';
import { printedBy } from './run-pondera.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const STUDY = fileURLToPath(new URL('../../../examples/demo.study.yaml', import.meta.url));
const KILLS = 60;

describe('a sweep of the demonstration log', function () {
  this.timeout(600_000);
  let folder: TemporaryFolder;
  before(() => {
    folder = temporaryFolder();
  });
  after(() => folder.remove());

  it(`ends with the uninterrupted result after ${KILLS} kills -9 at random moments, and no trial is lost`, async () => {
    const command = (db: string): readonly string[] => {
      const options = ['--db', folder.file(`${db}.db`), '--trials', '200', '--workers', '2', '--json'];
      return ['sweep', STUDY, ...options];
    };
    const { kills } = await killSweep(command('killed'), {
      db: folder.file('killed.db'),
      study: 'demo',
      kills: KILLS,
      random: randomStream(2, 'kills'),
    });
    expect(kills).to.equal(KILLS);
    expect(await printedBy(command('killed'))).to.equal(await printedBy(command('reference')));
  });
});
