import { renameSync } from 'node:fs';
import { expect } from 'chai';
import { smallLog, smallStudy } from '../e2e/small-study.ts';
import { printedBy } from '../e2e/run-pondera.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { runCommandLines } from './command-lines.ts';

describe('pondera datasets', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());
  const run = async (...commandLines: readonly string[]) => {
    const lines = commandLines.map((line) => ({ args: line.split(' '), cwd: folder.path }));
    return runCommandLines(lines);
  };

  it('registers files under a name, lists and forgets them', async () => {
    folder.write('day-2.csv', 'q,s,x\n1,0.5,\n2,0.5,\n');
    folder.write('day-1.csv', 'q,s\n3,0.5\n');
    const [added, listed, forgotten, none, unknown] = await run(
      'datasets add days day-*.csv',
      'datasets list',
      'datasets remove days',
      'datasets list',
      'datasets remove days',
    );
    expect(added).to.deep.include({ code: 0, stderr: '' });
    expect(added!.stdout).to.match(/^dataset "days": 3 rows, 2 columns, 2 files, SHA-256 [0-9a-f]{64}\n$/);
    const sum = added!.stdout.trim().slice(-64, -52);
    expect(listed!.stdout).to.match(
      new RegExp(
        `^name +rows +requests +sha256 +registered +files\ndays +3 +${sum} +\\S+Z +\\S+/day-1\\.csv, \\S+/day-2\\.csv\n$`,
      ),
    );
    expect(forgotten).to.deep.equal({
      code: 0,
      stdout: '',
      stderr: 'dataset "days" is forgotten; its files stay\n',
    });
    expect(none!.stdout).to.equal('there is no dataset\n');
    expect(unknown).to.deep.equal({ code: 2, stdout: '', stderr: 'pondera: no dataset is named "days"\n' });
  });

  it('says where the same bytes lie now, and refuses others under the name', async () => {
    folder.write('a.csv', 'q,s\n1,0.5\n');
    await run('datasets add feed a.csv');
    renameSync(folder.file('a.csv'), folder.file('b.csv'));
    folder.write('c.csv', 'q,s\n1,0.6\n');
    const [moved, other, listed] = await run(
      'datasets add feed b.csv',
      'datasets add feed c.csv',
      'datasets list',
    );
    expect(moved!.code).to.equal(0);
    expect(other).to.deep.equal({
      code: 2,
      stdout: '',
      stderr:
        'pondera: dataset "feed" is registered with other bytes: expected another name, or "pondera datasets remove feed" before\n',
    });
    expect(listed!.stdout).to.match(/\/b\.csv\n$/);
  });

  it('are no hindrance to a sweep whose --log says where the file is', async () => {
    folder.write('study.yaml', smallStudy({ 'path: log.csv': 'dataset: feed' }));
    folder.write('elsewhere.csv', smallLog());
    const args = ['sweep', 'study.yaml', '--log', 'elsewhere.csv', '--workers', '1'];
    expect(await printedBy(args, { cwd: folder.path })).to.include('3 trials');
  });
});
