import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { StudyReport } from '../../src/optimizer/study-report.ts';
import { type RunningService, startService, temporaryDatabases } from '../server/running-service.ts';

const PAGE = fileURLToPath(new URL('../../../docs/service.md', import.meta.url));
const WRITTEN = 'http://127.0.0.1:8350';

describe('docs/service.md', () => {
  const databases = temporaryDatabases();
  let service: RunningService;

  before(async () => {
    service = await startService(databases.file('trials.db'));
  });
  after(async () => {
    await service.close();
    databases.remove();
    expect(service.faults).to.deep.equal([]);
  });

  it('has the loop by hand as it is typed', async function () {
    if (spawnSync('curl', ['--version']).status !== 0) {
      process.stdout.write('      skipped: there is no curl on this machine\n');
      this.skip();
    }
    const [, typed] = /<!-- loop -->\s*```sh\n([^`]*)```/.exec(readFileSync(PAGE, 'utf8'))!;
    expect(typed).to.contain(WRITTEN);
    const commands = typed!.replace(WRITTEN, service.address).replaceAll('curl ', 'curl -sSf -w "\\n" ');
    const { stdout, stderr } = await promisify(execFile)('sh', ['-eu', '-c', commands]);
    expect(stderr).to.equal('');
    const answers = stdout.trimEnd().split('\n');
    const [created, suggested, baseline, first, report] = answers.map((line) => JSON.parse(line) as object);
    expect(created).to.include({ id: 'feed' });
    expect((suggested as { trials: { number: number }[] }).trials.map(({ number }) => number)).to.deep.equal([
      0, 1,
    ]);
    expect([baseline, first]).to.have.nested.property('[0].state', 'completed');
    expect(first).to.include({ number: 1, state: 'completed' });
    const { counts, best } = report as StudyReport;
    expect([counts.completed, best === null]).to.deep.equal([1, false]);
  });
});
