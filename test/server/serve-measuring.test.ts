import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { StoredExperiment } from '../../src/service/read-experiments.ts';
import type { TemporaryFolder } from '../e2e/temporary-folder.ts';
import { experimentsOf, ONLINE, until, WINDOW } from './dataset-experiments.ts';
import { expectProblem, sendJson } from './exchange.ts';
import { serve, type ServeProcess } from './serve-process.ts';
import { datasetStudy, folderWithDataset } from './sweeping-service.ts';

const BODY = { window: WINDOW, arms: 2, promised: 0 };

describe('pondera serve, while it measures arms', function () {
  let folder: TemporaryFolder;
  let running: ServeProcess;
  let address: string;
  let made = 0;
  const post = <Body = unknown>(path: string, value: object) => sendJson<Body>(address, 'POST', path, value);
  /** A study of which nothing is measured yet. */
  const created = async (): Promise<string> => {
    const name = `study-${made++}`;
    const answer = await post('/v1/studies', datasetStudy(name, { online: ONLINE }));
    expect(answer.status, answer.text).to.equal(201);
    return name;
  };
  /** A process that measures for the service, once there is one. */
  const measurer = async (): Promise<number> => {
    await until(() => measurersOf(running.pid).length > 0);
    return measurersOf(running.pid)[0]!;
  };

  before(async function () {
    // Only Linux tells whose process it is.
    if (process.platform !== 'linux') this.skip();
    folder = await folderWithDataset(60_000);
  });
  beforeEach(async () => {
    const options = ['--port', '0', '--db', folder.file('a.db'), '--datasets', folder.path, '--drain', '0'];
    running = serve(...options);
    address = await running.address;
  });
  afterEach(async () => {
    running.kill('SIGKILL');
    await running.ended;
  });
  after(() => folder?.remove());

  it('tells that the process broke down, and measures when it is asked again', async () => {
    const name = await created();
    const answer = post(experimentsOf(name), BODY);
    process.kill(await measurer(), 'SIGKILL');
    const { detail } = expectProblem(await answer, 409, 'dataset_unusable');
    expect(detail).to.match(
      /^the process that measured arms on dataset "feed" was ended \(SIGKILL\), perhaps/,
    );
    const again = await post<StoredExperiment>(experimentsOf(name), BODY);
    expect(again.status, again.text).to.equal(201);
    expect(again.body.arms.every(({ offline }) => offline !== null)).to.equal(true);
  });

  it('gives it up when it is stopped, and leaves no process', async () => {
    const answer = post(experimentsOf(await created()), BODY);
    const pid = await measurer();
    running.kill('SIGTERM');
    expectProblem(await answer, 503, 'service_stopping');
    expect(await running.ended).to.include({ code: 0 });
    expect(isAlive(pid)).to.equal(false);
  });

  it('leaves no process when it is killed', async () => {
    const answer = post(experimentsOf(await created()), BODY).catch((error: Error) => error);
    const pid = await measurer();
    running.kill('SIGKILL');
    await running.ended;
    expect(await answer).to.be.instanceOf(Error);
    await until(() => !isAlive(pid));
  });
});

/** The state of a process and whose child it is; undefined where there is none. */
function standing(pid: number): { readonly state: string; readonly parent: number } | undefined {
  try {
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return { state: state!, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

/** One that has ended and that nobody has asked after is a zombie. */
function isAlive(pid: number): boolean {
  const found = standing(pid);
  return found !== undefined && found.state !== 'Z';
}

function measurersOf(service: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => standing(pid)?.parent === service && isAlive(pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('measuring-process.js');
      } catch {
        return false;
      }
    });
}
