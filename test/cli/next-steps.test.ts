import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { explainArguments, nextSteps } from '../../src/cli/next-steps.ts';

/** The name that a shell hands to `serve --db` where the line is pasted into it. */
function databaseThatServes(file: string): string {
  const [, line] = /^Next: npx pondera serve --db (.*), then open /m.exec(nextSteps('s', { file }))!;
  return execFileSync('sh', ['-c', `printf %s ${line}`], { encoding: 'utf8' });
}

describe('what can be done after a sweep', () => {
  for (const file of ['demo.db', 'my file.db', "it's.db", '$HOME/a;b.db', '~/x.db', 'é.db']) {
    it(`names the database ${file} so that a shell takes it for one word`, () => {
      expect(databaseThatServes(file)).to.equal(file);
    });
  }

  it('leaves a plain name as it is', () => {
    expect(nextSteps('demo', { file: 'out/demo-1.db' })).to.contain(
      'npx pondera model demo --db out/demo-1.db\n',
    );
  });

  it('explains the sweep with the options that it had', () => {
    expect(
      explainArguments('my study.yaml', { log: 'log/*.parquet', db: 'x.db', seed: 2, holdout: 0.3 }),
    ).to.equal("'my study.yaml' --log 'log/*.parquet' --db x.db --seed 2 --holdout 0.3");
    const explain = explainArguments('demo.yaml', { db: 'demo.db' });
    expect(nextSteps('demo', { file: 'demo.db', explain })).to.contain(
      'npx pondera explain demo.yaml --db demo.db\n',
    );
    expect(nextSteps('demo', { file: 'demo.db' })).not.to.contain('explain');
  });

  it('plans an experiment where the study says what those are to find', () => {
    expect(nextSteps('feed', { file: 'a b.db', isTested: true })).to.contain(
      "npx pondera plan feed --per-day USERS --db 'a b.db'\n",
    );
    expect(nextSteps('feed', { file: 'a b.db' })).not.to.contain('pondera plan');
  });

  it('promises nothing of a database in memory', () => {
    expect(nextSteps('demo', { file: ':memory:' })).to.equal(
      'The trials were kept in memory and end with this command: with a file (--db FILE) it could go on from here.',
    );
  });
});
