import { setTimeout } from 'node:timers/promises';
import { randomStream } from '../../../math/random.ts';
import { ask } from '../ask.ts';
import { measuredStudy } from '../measured-study.ts';
import { type Served, serveDatabase, type Starting, startServing } from '../served.ts';
import { differences, newLedger, type ShownTrial } from './ledger.ts';
import type { ServiceLine } from './service-line.ts';
import { DEEDS, work, type Workplace } from './working-client.ts';

/** How a service bore its kills. */
export interface KillFigures {
  /** Kills that met a living process. */
  readonly kills: number;
  /** Of these, before it was ready. */
  readonly killsInStart: number;
  /** Acknowledged writes by what they did, all looked for afterwards. */
  readonly acknowledged: Readonly<Record<string, number>>;
  readonly trialsChecked: number;
  readonly lostWrites: number;
  /** Trials that are stored and that nobody was told of: there are none once every request is answered. */
  readonly untoldTrials: number;
  /** Requests that were sent again because no answer had come. */
  readonly retriedRequests: number;
  /** Answered requests that were sent again after a kill, and those that then got another answer. */
  readonly replays: number;
  readonly wrongReplays: number;
  readonly stuckClients: number;
  readonly errors: readonly string[];
  /** From the start of each process after a kill until it is ready, in their order. */
  readonly restartMs: readonly number[];
}

export interface Killing {
  readonly db: string;
  readonly kills: number;
  readonly clients: number;
  readonly seed: number;
  readonly say?: (line: string) => void;
}

/** The latest a service is killed after it is ready; long enough for fits and imports of a process that has just started. */
const LATEST_MS = 800;

/** How often is looked, before the first kill, whether each thing that clients do has been done once. */
const UNDISTURBED_CHECK_MS = 50;

/** Some are killed while they start. */
const IN_START = 0.15;
const LATEST_IN_START_MS = 400;

/**
 * Kills a service with SIGKILL again and again while clients suggest, complete, fail, attach, import and extend leases, and starts
 * it anew each time. In the end every client is answered, and all that was acknowledged is looked for.
 */
export async function killService({ db, kills, clients, seed, say }: Killing): Promise<KillFigures> {
  const random = randomStream(seed, 'kills');
  let service: Served = await serveDatabase(db, '--workers', '1');
  const port = new URL(service.address).port;
  const line: ServiceLine = {
    address: service.address,
    aliveSince: performance.now(),
    retried: 0,
    errors: [],
    stuck: 0,
  };
  const place: Workplace = { line, ledger: newLedger(), counts: new Map(), asked: 0, isOver: false };
  await ask(service.address, 'POST', '/v1/studies', { body: measuredStudy('imports') });
  const working = Array.from({ length: clients }, (_, i) =>
    work(place, `client-${i}`, randomStream(seed, 'client', i)),
  );
  const restartMs: number[] = [];
  const tally = { met: 0, inStart: 0, replays: 0, wrongReplays: 0 };
  const start = (): Starting => startServing(db, '--port', port, '--workers', '1');
  const killed = async ({
    kill,
    ended,
    stderr,
  }: Pick<Served, 'kill' | 'ended' | 'stderr'>): Promise<void> => {
    kill('SIGKILL');
    const { signal, code } = await ended;
    if (signal !== 'SIGKILL') throw new Error(`the service had ended with ${code}: ${stderr()}`);
    tally.met++;
  };
  while (place.counts.size < DEEDS.length) {
    if (line.errors.length > 0) throw new Error(`before the first kill: ${line.errors[0]}`);
    await setTimeout(UNDISTURBED_CHECK_MS);
  }
  while (tally.met < kills) {
    await setTimeout(random.uniform() * LATEST_MS);
    const before = [...place.ledger.answers];
    await killed(service);
    let starting = start();
    while (tally.met < kills && random.uniform() < IN_START) {
      await setTimeout(random.uniform() * LATEST_IN_START_MS);
      await killed(starting);
      tally.inStart++;
      starting = start();
    }
    const served = await starting.ready;
    if (served === undefined) throw new Error(`the service did not start again: ${starting.stderr()}`);
    service = served;
    line.aliveSince = performance.now();
    restartMs.push(service.readyMs);
    const [client, answered] = before[random.integer(Math.max(1, before.length))] ?? [];
    if (client !== undefined && answered !== undefined) {
      tally.replays++;
      const { path, body, type, text, key } = answered;
      const again = await ask(line.address, 'POST', path, { key, body, type });
      if (again?.text !== text) tally.wrongReplays++;
    }
    if (tally.met % 50 === 0) say?.(`${tally.met} kills`);
  }
  place.isOver = true;
  await Promise.all(working);
  let [lostWrites, untoldTrials, trialsChecked] = [0, 0, 0];
  for (const study of new Set([...place.ledger.trials.keys(), 'imports'])) {
    const { text } = (await ask(line.address, 'GET', `/v1/studies/${study}/trials:export`))!;
    const shown = text
      .split('\n')
      .filter(Boolean)
      .map((each) => JSON.parse(each) as ShownTrial);
    const { lost, untold } = differences(place.ledger, study, shown);
    trialsChecked += shown.length;
    lostWrites += lost;
    untoldTrials += untold;
  }
  service.kill('SIGKILL');
  await service.ended;
  return {
    kills: tally.met,
    killsInStart: tally.inStart,
    acknowledged: Object.fromEntries(place.counts),
    trialsChecked,
    lostWrites,
    untoldTrials,
    retriedRequests: line.retried,
    replays: tally.replays,
    wrongReplays: tally.wrongReplays,
    stuckClients: line.stuck,
    errors: line.errors,
    restartMs,
  };
}
