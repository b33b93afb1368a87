import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { readStudyFile } from '../../src/cli/study-file.ts';
import type { StudyReport } from '../../src/optimizer/study-report.ts';
import { loadLog } from '../../src/service/load-log.ts';
import { sweep, type SweepResult } from '../../src/service/sweep.ts';
import { openStore } from '../../store/open.ts';
import { expectProblem } from './exchange.ts';
import { createStudy, runTrials, suggest, type TrialBody } from './relevance-study.ts';
import { type RunningService, startService, temporaryDatabases } from './running-service.ts';

const example = (name: string): string =>
  fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));

/** Runs the shipped example study for three trials. */
async function sweepDemo(database: string): Promise<SweepResult> {
  const { definition } = await readStudyFile(example('demo.study.yaml'), { budget: 3 });
  return sweep(definition, {
    loadLog: () => loadLog(definition, example('demo/impressions.csv.gz')),
    openStore: () => openStore(database),
    workers: 1,
    clock: () => '2026-01-01T00:00:00.000Z',
    onProgress: () => undefined,
  });
}

describe('what is stored', () => {
  const databases = temporaryDatabases();
  const running: RunningService[] = [];
  const start = async (name: string): Promise<RunningService> => {
    const service = await startService(databases.file(name));
    running.push(service);
    return service;
  };
  after(async () => {
    for (const service of running) await service.close();
    databases.remove();
  });

  it('gives the same candidates on another server, from the same seed and results', async () => {
    const [one, other] = [await start('one.db'), await start('other.db')];
    await createStudy(one, 'same');
    await createStudy(other, 'same');
    const trials = await runTrials(one, 'same', 7);
    expect(await runTrials(other, 'same', 7)).to.deep.equal(trials);
    expect(trials.at(-1)!.provenance.generator).to.equal('log_constrained_expected_improvement');
    await createStudy(other, 'seeded-otherwise', { seed: 8 });
    const [, first] = await runTrials(other, 'seeded-otherwise', 2);
    expect(first!.weights).to.not.deep.equal(trials[1]!.weights);
  });

  it('outlives the server: the next one on the file goes on where it was', async () => {
    const uninterrupted = await start('uninterrupted.db');
    await createStudy(uninterrupted, 'resumed');
    const expected = await runTrials(uninterrupted, 'resumed', 7);

    const before = await startService(databases.file('resumed.db'));
    await createStudy(before, 'resumed');
    await runTrials(before, 'resumed', 6);
    const paths = ['/v1/studies', '/v1/studies/resumed/trials', '/v1/studies/resumed:report'];
    const seen = await Promise.all(paths.map((path) => before.get(path)));
    await before.close();

    const after = await start('resumed.db');
    const found = await Promise.all(paths.map((path) => after.get(path)));
    expect(found.map(({ body }) => body)).to.deep.equal(seen.map(({ body }) => body));
    const [next] = await suggest(after, 'resumed');
    expect(next!.weights).to.deep.equal(expected.at(-1)!.weights);
  });

  it('by a sweep can be read, and its trials are nobody else’s to suggest or complete', async () => {
    const { trials } = await sweepDemo(databases.file('swept.db'));
    const service = await start('swept.db');
    const { body } = await service.get<{ trials: TrialBody[] }>('/v1/studies/demo/trials');
    expect(body.trials.map(({ weights }) => weights)).to.deep.equal(trials.map(({ weights }) => weights));
    expect(body.trials[3]!.metrics).to.deep.equal(trials[3]!.observations);
    const { body: report } = await service.get<StudyReport>('/v1/studies/demo:report');
    expect(report).to.include({ study: 'demo', budget: 3 });
    expect(report.counts).to.deep.include({ completed: 3, running: 0 });
    expect(report.best!.guardrails).to.have.length(3);

    expectProblem(await service.post('/v1/studies/demo/trials:suggest'), 409, 'study_has_log');
    const replicate = { replicateOf: 1 };
    expectProblem(await service.post('/v1/studies/demo/trials', replicate), 409, 'study_has_log');
    const metrics = Object.fromEntries(
      Object.entries(body.trials[3]!.metrics).map(([metric, { mean }]) => [metric, mean]),
    );
    expectProblem(
      await service.post('/v1/studies/demo/trials/3:complete', { metrics }),
      409,
      'study_has_log',
    );
  });
});
