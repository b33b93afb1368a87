import { expect } from 'chai';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { type Printed, runCommandLines } from './command-lines.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

interface Refused {
  readonly folder: TemporaryFolder;
  readonly before: Readonly<Record<string, string>>;
  readonly printed: Printed;
}

const all = Object.values(REFUSALS).flat();

async function refuseAll(): Promise<ReadonlyMap<Refusal, Refused>> {
  const folders = all.map(({ files }) => {
    const folder = temporaryFolder();
    for (const [name, content] of Object.entries(files)) folder.write(name, content);
    return { folder, before: folder.contents() };
  });
  const printed = await runCommandLines(all.map(({ args }, i) => ({ args, cwd: folders[i]!.folder.path })));
  return new Map(all.map((refusal, i) => [refusal, { ...folders[i]!, printed: printed[i]! }]));
}

describe('pondera refuses, with one clear line and code 2, writing nothing,', () => {
  let refused: ReadonlyMap<Refusal, Refused>;
  before(async () => {
    refused = await refuseAll();
  });
  after(() => {
    for (const { folder } of refused.values()) folder.remove();
  });

  for (const [where, refusals] of Object.entries(REFUSALS)) {
    describe(where, () => {
      for (const refusal of refusals) {
        it(refusal.why, () => {
          const { folder, before, printed } = refused.get(refusal)!;
          expect(printed.stderr.replace(/^reading .*\n/, '')).to.equal(`${refusal.stderr}\n`);
          expect(printed.code).to.equal(2);
          expect(printed.stdout).to.equal('');
          expect(folder.contents()).to.deep.equal(before);
        });
      }
    });
  }
});
