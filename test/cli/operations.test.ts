import { expect } from 'chai';
import { openStore } from '../../store/open.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { runCommandLines } from './command-lines.ts';

const SCHEMA = String.raw`schema \d{4}-[a-z-]+, 0 studies, 0 trials`;

describe('pondera keys and pondera db', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  const run = async (...commandLines: readonly string[]) => {
    const lines = commandLines.map((line) => ({ args: line.split(' '), cwd: folder.path }));
    return runCommandLines(lines);
  };

  it('make, list and revoke a key', async () => {
    const [made, listed, twice, revoked, after, again] = await run(
      'keys create --name ci --scope write',
      'keys list',
      'keys create --name ci --scope read',
      'keys revoke ci',
      'keys list',
      'keys revoke ci',
    );
    expect(made!.code).to.equal(0);
    expect(made!.stdout).to.match(/^pnd_[0-9a-f]{12}_[\w-]{43}\n$/);
    const id = made!.stdout.slice(4, 16);
    expect(made!.stderr).to.equal(
      `key ${id} "ci" of scope write is stored in pondera.db as its hash alone: it is not shown again\n`,
    );
    expect(listed!.stdout).to.match(
      new RegExp(`^id +name +scope +created +revoked\n${id} +ci +write +\\d{4}-\\S+Z\n$`),
    );
    expect(twice).to.deep.equal({
      code: 2,
      stdout: '',
      stderr: 'pondera: a key is already named "ci": expected another name\n',
    });
    expect(revoked).to.deep.equal({ code: 0, stdout: '', stderr: 'key "ci" is revoked\n' });
    expect(after!.stdout).to.match(new RegExp(`\n${id} +ci +write +\\d{4}-\\S+Z +\\d{4}-\\S+Z\n$`));
    expect(again!.code).to.equal(2);
    expect(again!.stderr).to.match(/^pondera: no valid key has the name or identifier "ci": [^\n]+\n$/);
  });

  it('say that there is no key', async () => {
    await (await openStore(folder.file('pondera.db'))).destroy();
    const [listed] = await run('keys list');
    expect(listed).to.deep.equal({ code: 0, stdout: 'there is no key\n', stderr: '' });
  });

  it('back up, restore and check, and replace nothing', async () => {
    await (await openStore(folder.file('pondera.db'))).destroy();
    const printed = await run(
      'db backup monday.db',
      'db restore monday.db --db again.db',
      'db check --db again.db',
      'db backup monday.db',
      'db restore monday.db',
    );
    const [made, restored, checked, taken, there] = printed;
    expect(made!.stdout).to.match(new RegExp(`^monday\\.db: backup of pondera\\.db, ${SCHEMA}\n$`));
    expect(restored!.stdout).to.match(new RegExp(`^again\\.db: restored from monday\\.db, ${SCHEMA}\n$`));
    expect(checked!.stdout).to.match(new RegExp(`^again\\.db: intact, ${SCHEMA}\n$`));
    expect(taken!.stderr).to.equal(
      'pondera: monday.db: exists: expected a new file (move the old one away)\n',
    );
    expect(there!.stderr).to.equal(
      'pondera: pondera.db: exists: expected a new file (move the old one away)\n',
    );
    expect(printed.map(({ code }) => code)).to.deep.equal([0, 0, 0, 2, 2]);
    expect(Object.keys(folder.contents()).sort()).to.deep.equal(['again.db', 'monday.db', 'pondera.db']);
  });
});
