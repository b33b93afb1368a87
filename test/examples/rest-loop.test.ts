import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { StudyReport } from '../../src/optimizer/study-report.ts';
import { serviceOfThisFile } from '../server/running-service.ts';

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

const BASELINE_TRIAL_AND_BUDGET = 13;

describe('the example of a client', () => {
  const service = serviceOfThisFile();
  const present = PROGRAMS.map(({ needs }) => spawnSync(needs, ['--version']).status === 0);
  let runs: readonly PromiseSettledResult<{ stdout: string; stderr: string }>[];

  before(async () => {
    runs = await Promise.allSettled(
      PROGRAMS.map(async ({ run: [command, program] }, i) =>
        present[i] ? promisify(execFile)(command, [program, service().address]) : { stdout: '', stderr: '' },
      ),
    );
  });

  for (const [i, { language, needs, study }] of PROGRAMS.entries()) {
    it(`in ${language} finds feasible weights that are better than the baseline`, async function () {
      if (!present[i]) {
        process.stdout.write(`      skipped: there is no ${needs} on this machine\n`);
        this.skip();
      }
      const run = runs[i]!;
      if (run.status === 'rejected') throw run.reason;
      const { stdout, stderr } = run.value;
      expect(stderr).to.equal('');
      expect(stdout.match(/^trial \d+: /gm)).to.have.length(BASELINE_TRIAL_AND_BUDGET);

      const { body: list } = await service().get<{ studies: { id: string }[] }>('/v1/studies');
      const { id } = list.studies.find((found) => found.id.startsWith(study))!;
      const { body } = await service().get<StudyReport>(`/v1/studies/${id}:report`);
      expect(body.counts).to.deep.include({ completed: 12, running: 0 });
      const { number, feasible, metrics } = body.best!;
      const { value, baseline } = metrics['watch_time']!;
      expect(feasible).to.equal(true);
      expect(value).to.be.greaterThan(baseline! + 0.1);
      expect(stdout).to.contain(`best: trial ${number}, feasible: true, weights {`);
      expect(stdout).to.contain(`watch_time: ${value} (baseline ${baseline})`);
    });
  }
});
