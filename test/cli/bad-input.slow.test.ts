import { expect } from 'chai';
import { runPondera } from '../e2e/run-pondera.ts';
import { temporaryFolder } from '../e2e/temporary-folder.ts';
import { REFUSALS } from './refusals.ts';

describe('pondera in a process of its own refuses the same', function () {
  this.timeout(60_000);
  for (const [where, refusals] of Object.entries(REFUSALS)) {
    for (const { why, files, args, stderr } of refusals) {
      it(`${where}: ${why}`, async () => {
        const folder = temporaryFolder();
        for (const [name, content] of Object.entries(files)) folder.write(name, content);
        const before = folder.contents();
        const outcome = await runPondera(args, { cwd: folder.path });
        expect(outcome.stderr.replace(/^reading .*\n/, '')).to.equal(`${stderr}\n`);
        expect([outcome.code, outcome.stdout]).to.deep.equal([2, '']);
        expect(folder.contents()).to.deep.equal(before);
        folder.remove();
      });
    }
  }
});
