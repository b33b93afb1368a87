import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { type Killed, killSweep } from './killed-sweep.ts';
import { type Outcome, printedBy, startPondera } from './run-pondera.ts';
import { smallLog, smallStudy } from './small-study.ts';
import { parseSweep } from './sweep-report.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const KILLS = 4;

/** Ctrl-C before the first trial, then after the first trials. */
async function interruptTwice(args: readonly string[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const lines of [1, 4]) {
    const sweep = startPondera(args);
    await sweep.lines(lines);
    expect(sweep.kill('SIGINT')).to.equal(true);
    outcomes.push(await sweep.outcome);
  }
  return outcomes;
}

describe('a sweep that is interrupted', () => {
  let folder: TemporaryFolder;
  let uninterrupted: string;
  let killed: Killed;
  let interruptions: readonly Outcome[];

  const command = (db: string): readonly string[] => {
    const options = ['--db', folder.file(`${db}.db`), '--trials', '16', '--workers', '1', '--json'];
    return ['sweep', folder.file('study.yaml'), ...options];
  };

  before(async () => {
    folder = temporaryFolder();
    folder.write('study.yaml', smallStudy());
    folder.write('log.csv', smallLog());
    uninterrupted = await printedBy(command('reference'));
    const random = randomStream(1, 'kills');
    const killing = { db: folder.file('killed.db'), study: 'small', kills: KILLS, random };
    [killed, interruptions] = await Promise.all([
      killSweep(command('killed'), killing),
      interruptTwice(command('interrupted')),
    ]);
  });
  after(() => folder.remove());

  it(`by ${KILLS} kills -9 at random moments ends with the result of the uninterrupted one, and no trial is lost`, async () => {
    expect(killed.kills).to.equal(KILLS);
    expect(new Set(killed.completedAtKill).size, 'different moments').to.be.at.least(2);
    expect(killed.completedAtKill.at(-1), 'trials that a kill met').to.be.greaterThan(0);
    expect(await printedBy(command('killed'))).to.equal(uninterrupted);
  });

  it('by Ctrl-C says in one line how to go on, ends by the signal (130 in a shell), and then completes to the same result', async () => {
    const words = interruptions.map(({ signal, stdout, stderr }) => {
      expect([signal, stdout]).to.deep.equal(['SIGINT', '']);
      return stderr.replaceAll(/^(reading|resuming|trial) .*\n/gm, '');
    });
    expect(words[0]).to.match(
      /^(no trial is done yet|0 of 16 trials are done and stored); the same command goes on from there\n$/,
    );
    expect(words[1]).to.match(
      /^[1-9]\d? of 16 trials are done and stored; the same command goes on from there\n$/,
    );
    expect(await printedBy(command('interrupted'))).to.equal(uninterrupted);
  });

  it('by other processes on the same database, one of them on the same study: each finishes with its own result', async () => {
    folder.write('other.yaml', smallStudy({ 'name: small': 'name: other', 'seed: 1': 'seed: 2' }));
    const other = command('shared').map((word) => word.replace('study.yaml', 'other.yaml'));
    const [first, second, third] = await Promise.all([
      printedBy(command('shared')),
      printedBy(command('shared')),
      printedBy(other),
    ]);
    expect(first).to.equal(uninterrupted);
    expect(second).to.equal(uninterrupted);
    const { study, seed, counts } = parseSweep(third);
    expect({ study, seed, completed: counts.completed }).to.deep.equal({
      study: 'other',
      seed: 2,
      completed: 16,
    });
  });
});
