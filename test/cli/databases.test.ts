import { chmodSync, copyFileSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { expect } from 'chai';
import { runPondera } from '../e2e/run-pondera.ts';
import { smallLog, smallStudy } from '../e2e/small-study.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { type Printed, runCommandLines } from './command-lines.ts';

const SWEEP = ['sweep', 'study.yaml', '--workers', '1'];
const NOBODY = 65_534;

interface Refused {
  readonly why: string;
  /** What is otherwise than when the database `pondera.db` was made. */
  readonly change: (folder: TemporaryFolder) => void;
  readonly more?: readonly string[];
  readonly line: string;
}

function inStudy(why: string, text: string, by: string, place: string, change: string): Refused {
  return {
    why: `a study whose ${why} has changed`,
    change: (folder) => folder.write('study.yaml', smallStudy({ [text]: by })),
    line: changed(place, change),
  };
}

function changed(place: string, changes: string): string {
  return (
    `study.yaml:${place}: study "small" has trials under another definition: ${changes}; ` +
    'expected the same (give the study another name, or another --db, to start anew)'
  );
}

function inDatabase(folder: TemporaryFolder, change: (db: SqliteDatabase.Database) => void): void {
  const db = new SqliteDatabase(folder.file('pondera.db'));
  change(db);
  db.close();
}

const REFUSED: readonly Refused[] = [
  inStudy('seed', 'seed: 1', 'seed: 2', '21: seed', 'seed was 1, is 2'),
  {
    why: 'another --seed',
    change: () => {},
    more: ['--seed', '7'],
    line: changed('21: seed', 'seed was 1, is 7'),
  },
  inStudy(
    'guardrail',
    'save.average_precision >= 0.9',
    'save.average_precision >= 0.8',
    '16: guardrails.0.factor',
    'guardrails.0.factor was 0.9, is 0.8',
  ),
  {
    why: 'a study of which five values have changed, telling three',
    change: (folder) =>
      folder.write(
        'study.yaml',
        smallStudy({
          'seed: 1': 'seed: 2',
          'sum: 1': 'sum: 2',
          '  save: [0, 1]\n  click: [0, 1]\n  long_click: [0, 1]':
            '  save: [0, 2]\n  click: [0, 2]\n  long_click: [0, 2]',
          'weights: { save: 0.2, click: 0.4, long_click: 0.4 }':
            'weights: { save: 0.4, click: 0.8, long_click: 0.8 }',
        }),
      ),
    line: changed(
      '8: weights.save.max',
      'weights.save.max was 1, is 2; weights.click.max was 1, is 2; weights.long_click.max was 1, is 2; and 5 more',
    ),
  },
  inStudy('range', 'save: [0, 1]', 'save: [0, 0.9]', '8: weights.save.max', 'weights.save.max was 1, is 0.9'),
  inStudy(
    'constraint',
    'click <= 2 * long',
    'click <= 3 * long',
    '13: constraints.0.coefficients.long_click',
    'constraints.0.coefficients.long_click was -2, is -3',
  ),
  inStudy(
    'objective',
    'maximize long_click.average_precision',
    'maximize long_click.roc_auc',
    '14: objective.metric',
    'objective.metric was "long_click.average_precision", is "long_click.roc_auc"',
  ),
  inStudy(
    'negative-keep rate',
    'label: y_save',
    'label: y_save, negativeKeepRate: 0.5',
    '4: heads.save.negativeKeepRate',
    'heads.save.negativeKeepRate was 1, is 0.5',
  ),
  inStudy(
    'sum has gone, and report come,',
    'sum: 1\n',
    'report: [save.ndcg@5]\n',
    ' sum',
    'sum was 1, is absent; report was absent, is ["save.ndcg@5"]',
  ),
  {
    why: 'a study whose log has changed',
    change: (folder) => folder.write('log.csv', smallLog(401)),
    line: changed('2: log.path', 'the bytes of the log are not what they were'),
  },
  {
    why: 'a study that was deleted',
    change: (folder) =>
      inDatabase(folder, (db) => db.prepare("update studies set deleted_at = '2030-01-01'").run()),
    line: 'study.yaml:1: name: a study named "small" was deleted, and its name stays taken: expected another',
  },
  {
    why: 'a database of a newer version of pondera',
    change: (folder) =>
      inDatabase(folder, (db) =>
        db
          .prepare("insert into kysely_migration values ('9999-from-the-future', '2030-01-01T00:00:00.000Z')")
          .run(),
      ),
    line:
      'pondera.db: the database has schema 9999-from-the-future, of another version of pondera: ' +
      'expected 0011-add-force-reason or older',
  },
  {
    why: 'an SQLite database of another program',
    change: (folder) => {
      folder.write('pondera.db', '');
      inDatabase(folder, (db) => db.exec('create table bookmarks (url text)'));
    },
    line: 'pondera.db: is an SQLite database, but not one of pondera: expected a new file',
  },
  {
    why: 'an SQLite database that another program has marked as its own',
    change: (folder) => inDatabase(folder, (db) => db.pragma('application_id = 7')),
    line: 'pondera.db: is an SQLite database, but not one of pondera: expected a new file',
  },
  {
    why: 'a database with a stored study that no longer can be read',
    change: (folder) => inDatabase(folder, (db) => db.exec("update studies set definition = '{}'")),
    line: 'pondera.db: study "small" as stored cannot be read: name: is missing: expected text (and 2 more)',
  },
];

async function prepared(prepare: (folder: TemporaryFolder) => void = () => {}): Promise<TemporaryFolder> {
  const folder = temporaryFolder();
  folder.write('study.yaml', smallStudy());
  folder.write('log.csv', smallLog());
  prepare(folder);
  return folder;
}

describe('pondera resumes a study only where its trials still stand', () => {
  let made: TemporaryFolder;
  let first: Printed;

  before(async () => {
    made = await prepared();
    [first] = (await runCommandLines([{ args: SWEEP, cwd: made.path }])) as [Printed];
    expect(first.code, first.stderr).to.equal(0);
  });
  after(() => made.remove());

  const copyOfMade = (prepare?: (folder: TemporaryFolder) => void): Promise<TemporaryFolder> =>
    prepared((folder) => {
      copyFileSync(made.file('pondera.db'), folder.file('pondera.db'));
      prepare?.(folder);
    });

  it('leaves one file behind when it is done', () => {
    expect(Object.keys(made.contents()).sort()).to.deep.equal(['log.csv', 'pondera.db', 'study.yaml']);
  });

  describe('and refuses, with one line and code 2, leaving the database as it was,', () => {
    const refused = new Map<Refused, { folder: TemporaryFolder; before: object; printed: Printed }>();
    before(async () => {
      const folders = await Promise.all(REFUSED.map(({ change }) => copyOfMade(change)));
      const contents = folders.map((folder) => folder.contents());
      const printed = await runCommandLines(
        REFUSED.map(({ more = [] }, i) => ({ args: [...SWEEP, ...more], cwd: folders[i]!.path })),
      );
      for (const [i, refusal] of REFUSED.entries()) {
        refused.set(refusal, { folder: folders[i]!, before: contents[i]!, printed: printed[i]! });
      }
    });
    after(() => {
      for (const { folder } of refused.values()) folder.remove();
    });

    for (const refusal of REFUSED) {
      it(refusal.why, () => {
        const { folder, before, printed } = refused.get(refusal)!;
        expect(printed.stderr.replace(/^reading .*\n/, '')).to.equal(`pondera: ${refusal.line}\n`);
        expect(printed.code).to.equal(2);
        expect(printed.stdout).to.equal('');
        expect(folder.contents()).to.deep.equal(before);
      });
    }
  });

  it('goes on where only the budget, the order of keys, comments and the place of the log are otherwise', async () => {
    const folder = await copyOfMade((copy) => {
      const study = smallStudy({
        'budget: 3\n': '',
        'name: small\n': '# a comment\nbudget: 4\nname: small\n',
      });
      copy.write('study.yaml', study.replace('log.csv', 'moved.csv'));
      copy.write('moved.csv', smallLog());
    });
    const [printed] = await runCommandLines([{ args: SWEEP, cwd: folder.path }]);
    folder.remove();
    expect(printed!.stderr).to.include('resuming: 3 of 4 trials are stored\n');
    expect(printed!.code).to.equal(0);
  });

  it('refuses a database that this user may not write', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const folder = await copyOfMade((copy) => {
      chmodSync(copy.file('pondera.db'), 0o444);
      chmodSync(copy.path, 0o555);
    });
    const before = folder.contents();
    const { code, stdout, stderr } = await runPondera(SWEEP, { cwd: folder.path, uid: NOBODY });
    expect(stderr).to.equal('pondera: pondera.db: is read-only: expected a writable database\n');
    expect([code, stdout]).to.deep.equal([2, '']);
    expect(folder.contents()).to.deep.equal(before);
    folder.remove();
  });

  it('refuses a new database where this user may not write, in a process of its own', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const folder = await prepared((copy) => chmodSync(copy.path, 0o555));
    const { code, stdout, stderr } = await runPondera(SWEEP, { cwd: folder.path, uid: NOBODY });
    expect(stderr.replace(/^reading .*\n/, '')).to.equal(
      'pondera: pondera.db: cannot be opened: expected a file that can be read and written\n',
    );
    expect([code, stdout]).to.deep.equal([2, '']);
    folder.remove();
  });
});
