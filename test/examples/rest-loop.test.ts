import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { openStore } from '../../store/open.ts';
import type { StudyReport } from '../../src/optimizer/study-report.ts';
import { createApiKey } from '../../src/service/api-keys.ts';
import { type Answer, exchange } from '../server/exchange.ts';
import type { TrialBody } from '../server/relevance-study.ts';
import { NOW, type RunningService, startService, temporaryDatabases } from '../server/running-service.ts';

const source = (name: string): string => fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));
const compiled = fileURLToPath(new URL('../../examples/rest-loop.js', import.meta.url));

const PROGRAMS = [
  {
    language: 'TypeScript',
    needs: process.execPath,
    study: 'rest-loop-ts',
    run: [process.execPath, compiled],
  },
  { language: 'Python', needs: 'python3', study: 'rest-loop-py', run: ['python3', source('rest-loop.py')] },
  { language: 'the shell', needs: 'curl', study: 'rest-loop-sh', run: ['sh', source('rest-loop.sh')] },
] as const;

const BASELINE_TRIAL_AND_BUDGET = 21;

describe('the example of a client', () => {
  const databases = temporaryDatabases();
  const present = PROGRAMS.map(({ needs }) => spawnSync(needs, ['--version']).status === 0);
  let service: RunningService;
  let key: string;
  let runs: readonly PromiseSettledResult<{ stdout: string; stderr: string }>[];

  before(async () => {
    const file = databases.file('trials.db');
    service = await startService(file);
    const store = await openStore(file);
    ({ key } = await createApiKey(store, 'examples', 'write', () => NOW));
    await store.destroy();
    const env = { ...process.env, PONDERA_KEY: key };
    runs = await Promise.allSettled(
      PROGRAMS.map(async ({ run: [command, program] }, i) =>
        present[i]
          ? promisify(execFile)(command, [program, service.address], { env })
          : { stdout: '', stderr: '' },
      ),
    );
  });
  after(async () => {
    await service.close();
    databases.remove();
    expect(service.faults).to.deep.equal([]);
  });

  const get = async <Body>(path: string): Promise<Answer<Body>> =>
    exchange<Body>(service.address, 'GET', path, { headers: { authorization: `Bearer ${key}` } });

  for (const [i, { language, needs, study }] of PROGRAMS.entries()) {
    it(`in ${language} finds feasible weights that are better than the baseline, though one evaluation fails`, async function () {
      if (!present[i]) {
        process.stdout.write(`      skipped: there is no ${needs} on this machine\n`);
        this.skip();
      }
      const run = runs[i]!;
      if (run.status === 'rejected') throw run.reason;
      const { stdout, stderr } = run.value;
      expect(stderr).to.equal('');
      expect(stdout.match(/^trial \d+: /gm)).to.have.length(BASELINE_TRIAL_AND_BUDGET - 1);
      expect(stdout.match(/^trial 5 failed: .*the job was killed$/gm)).to.have.length(1);

      const { body: list } = await get<{ studies: { id: string }[] }>('/v1/studies');
      const { id } = list.studies.find((found) => found.id.startsWith(study))!;
      const { body } = await get<StudyReport>(`/v1/studies/${id}:report`);
      expect(body.counts).to.deep.include({ completed: 19, failed: 1, running: 0 });
      const { number, feasible, metrics } = body.best!;
      const { value, baseline } = metrics['watch_time']!;
      expect(feasible).to.equal(true);
      expect(value).to.be.greaterThan(baseline! + 0.1);
      expect(stdout).to.contain(`best: trial ${number}, feasible: true, weights {`);
      expect(stdout).to.contain(`watch_time: ${value} (baseline ${baseline})`);
      const { body: failed } = await get<TrialBody>(`/v1/studies/${id}/trials/5`);
      expect(failed).to.include({ state: 'failed', clientId: 'worker-1' });
    });
  }

  it('keeps its trial with heartbeats while it measures', async () => {
    const { text } = await get('/metrics');
    const [, beats] = /route="\/v1\/studies\/:id\/trials\/:number:heartbeat",status="200"\} (\d+)/.exec(
      text,
    )!;
    expect(Number(beats)).to.be.at.least(present.filter(Boolean).length);
  });
});
