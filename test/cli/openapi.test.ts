import { expect } from 'chai';
import { openApiDocument } from '../../src/server/openapi/document.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { runCommandLines } from './command-lines.ts';

describe('pondera openapi', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('prints the document of the service, and makes no database', async () => {
    const [printed, listed] = await runCommandLines([
      { args: ['openapi'], cwd: folder.path },
      { args: ['keys', 'list'], cwd: folder.path },
    ]);
    expect(printed!.stderr).to.equal('');
    expect(printed!.code).to.equal(0);
    const document = JSON.parse(printed!.stdout) as { info: { version: string } };
    expect(document.info.version).to.match(/^\d+\.\d+\.\d+$/);
    expect(document).to.deep.equal(JSON.parse(JSON.stringify(openApiDocument(document.info.version))));
    expect(listed!.code).to.equal(2);
  });
});
