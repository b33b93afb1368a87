import { expect } from 'chai';
import { runPondera } from '../e2e/run-pondera.ts';
import { smallStudy } from '../e2e/small-study.ts';
import { temporaryFolder, type TemporaryFolder } from '../e2e/temporary-folder.ts';

describe('PONDERA_HTTPFS', () => {
  let folder: TemporaryFolder;
  before(() => {
    folder = temporaryFolder();
    folder.write('study.yaml', smallStudy({ 'log.csv': 's3://bucket/log.parquet' }));
  });
  after(() => folder.remove());

  for (const [args, named, found] of [
    [['sweep'], 'nowhere', 'PONDERA_HTTPFS=nowhere cannot be loaded: '],
    [['sweep', '--form', 'histogram'], 'nowhere', 'PONDERA_HTTPFS=nowhere cannot be loaded: '],
    [['inspect'], 'nowhere', 'PONDERA_HTTPFS=nowhere cannot be loaded: '],
    [['sweep'], '', 'reading from s3:// takes an extension: '],
  ] as const) {
    it(`is what ${args.join(' ')} reads s3:// with, ${named === '' ? 'where it is not empty' : 'or says why not'}`, async () => {
      const [command, ...options] = args;
      const { code, stderr } = await runPondera([command, 'study.yaml', ...options], {
        cwd: folder.path,
        env: { PONDERA_HTTPFS: named },
      });
      expect(code).to.equal(2);
      expect(stderr).to.include(`s3://bucket/log.parquet: ${found}`);
    });
  }
});
