import { request } from 'node:http';
import { expect } from 'chai';
import { createLifecycle, type Lifecycle } from '../../src/server/lifecycle.ts';
import type { TemporaryFolder } from '../e2e/temporary-folder.ts';
import { createOnDataset, experimentsOf, planOn, until, WINDOW } from './dataset-experiments.ts';
import { expectProblem } from './exchange.ts';
import { type RunningService, startService } from './running-service.ts';
import { folderWithDataset, startSweeping } from './sweeping-service.ts';

const BODY = { window: WINDOW, arms: 3, promised: 0 };

describe('while arms are measured', () => {
  const ROWS = 100_000;
  let folder: TemporaryFolder;
  let service: RunningService;
  let lifecycle: Lifecycle;
  let made = 0;
  const start = async (): Promise<string> => {
    lifecycle = createLifecycle();
    service = await startSweeping(folder, { operation: { lifecycle } });
    const name = `study-${made++}`;
    await createOnDataset(service, name);
    return name;
  };
  /** That nothing is stored and nothing is left at work. */
  const isGivenUp = async (name: string): Promise<void> => {
    await until(() => service.measuring!.working() === 0);
    await service.close();
    expect(service.faults).to.deep.equal([]);
    service = await startService(folder.file('a.db'));
    const { body } = await service.get(experimentsOf(name));
    expect(body).to.deep.equal({ experiments: [] });
  };

  before(async () => {
    folder = await folderWithDataset(ROWS);
  });
  afterEach(async () => {
    await service.close();
    expect(service.faults).to.deep.equal([]);
  });
  after(() => folder.remove());

  it('the service answers others as ever', async () => {
    const name = await start();
    await service.pool.ready;
    const begin = performance.now();
    const planned = planOn(service, name, BODY);
    let answers = 0;
    let longest = 0;
    const over = new AbortController();
    void planned.finally(() => over.abort());
    while (!over.signal.aborted) {
      const asked = performance.now();
      expect((await service.get('/v1/studies?pageSize=1')).status).to.equal(200);
      longest = Math.max(longest, performance.now() - asked);
      answers++;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const share = longest / (performance.now() - begin);
    const { provenance } = await planned;
    expect(provenance.spreads).to.not.equal(null);
    expect(answers).to.be.above(20);
    // On a machine of any speed: nobody waits for the log, which takes nearly all of the time.
    expect(share, 'of the time, the longest that somebody waited').to.be.below(0.5);
  });

  it('a sweep of the study is begun and paused without a wait for it', async () => {
    const name = await start();
    const planned = service.post(experimentsOf(name), BODY);
    await until(() => service.measuring!.working() === 1);
    expect((await service.post(`/v1/studies/${name}:sweep`)).status).to.equal(202);
    expect((await service.post(`/v1/studies/${name}/sweep:pause`)).status).to.equal(200);
    expect(service.measuring!.working(), 'it is not measured yet').to.equal(1);
    // A sweep that has come to store what it takes by default has changed the study.
    expect((await planned).status).to.be.oneOf([201, 409]);
  });

  it('a deadline that passes ends its process, and nothing is stored', async () => {
    const name = await start();
    await service.close();
    // Less than a process takes to start and to read.
    service = await startSweeping(folder, { operation: { limits: { deadline: 0.4 } } });
    const answer = await service.post(experimentsOf(name), BODY);
    const { detail } = expectProblem(answer, 503, 'deadline_passed');
    expect(detail).to.equal(
      'the work took longer than 0.4 s and was given up, nothing of it is stored: expected "measure": false, or an operator who allows more (--deadline)',
    );
    await isGivenUp(name);
  });

  it('a client that leaves ends its process', async () => {
    const name = await start();
    const { hostname, port } = new URL(service.address);
    const leaving = request({
      hostname,
      port,
      method: 'POST',
      path: experimentsOf(name),
      headers: { 'content-type': 'application/json' },
    });
    leaving.on('error', () => undefined);
    leaving.end(JSON.stringify(BODY));
    await until(() => service.measuring!.working() === 1);
    leaving.destroy();
    await isGivenUp(name);
  });

  it('a service that stops gives it up, and those that wait for its place', async () => {
    const name = await start();
    await createOnDataset(service, 'waits');
    const first = service.post(experimentsOf(name), BODY);
    await until(() => service.measuring!.working() === 1);
    const second = service.post(experimentsOf('waits'), BODY);
    await until(() => service.measuring!.waiting() === 1);
    const metrics = await service.get('/metrics');
    expect(metrics.text)
      .to.match(/^pondera_measurings_running 1$/m)
      .and.match(/^pondera_measurings_waiting 1$/m);
    expect(await lifecycle.drain(50), 'given up').to.equal(2);
    for (const answer of await Promise.all([first, second])) {
      expectProblem(answer, 503, 'service_stopping');
    }
    expect(service.measuring!.waiting()).to.equal(0);
    await isGivenUp(name);
  });
});
