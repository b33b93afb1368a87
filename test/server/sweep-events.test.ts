import { connect } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { appendEvents } from '../../store/events.ts';
import { openStore } from '../../store/open.ts';
import { studyEventSchema } from '../../src/domain/event.ts';
import { createLifecycle } from '../../src/server/lifecycle.ts';
import { sweepResourceSchema } from '../../src/server/sweep-resources.ts';
import type { TemporaryFolder } from '../e2e/temporary-folder.ts';
import { type EventStream, listenTo, type StreamEvent } from './event-stream.ts';
import { exchange, expectProblem } from './exchange.ts';
import type { RunningService } from './running-service.ts';
import { datasetStudy, folderWithDataset, startSweeping, untilSweep } from './sweeping-service.ts';

const LISTENERS = 3;
const HEARTBEAT_MS = 100;
const SLOWEST_MS = 500;

/** Of a kilobyte each, more than the system keeps of a connection that nobody reads. */
const MANY_EVENTS = 30_000;
const EVENTS_AT_ONCE = 1000;

function toTheEnd(stream: EventStream): Promise<readonly StreamEvent[]> {
  return stream.until(() => false);
}

/** The stored events of a stream. */
function numbered(events: readonly StreamEvent[]): readonly object[] {
  return events
    .filter(({ id, event }) => id !== undefined && event !== 'end')
    .map(({ data }) => data as object);
}

describe('events of a sweep', () => {
  let folder: TemporaryFolder;
  let service: RunningService;
  const lifecycle = createLifecycle();
  const begin = async (name: string, trials: number): Promise<void> => {
    expect((await service.post('/v1/studies', datasetStudy(name))).status).to.equal(201);
    expect((await service.post(`/v1/studies/${name}:sweep`, { trials })).status).to.equal(202);
  };
  const listen = (name: string, lastEventId?: string): Promise<EventStream> =>
    listenTo(`${service.address}/v1/studies/${name}/sweep:events`, lastEventId);
  /** What is stored, as the stream is to tell it. */
  const storedEvents = async (name: string): Promise<readonly object[]> => {
    const { body } = await service.get<{ events: object[] }>(`/v1/studies/${name}/events?pageSize=1000`);
    return body.events;
  };

  before(async () => {
    folder = await folderWithDataset();
    service = await startSweeping(folder, {
      operation: {
        lifecycle,
        streams: { listeners: LISTENERS, heartbeatMs: HEARTBEAT_MS, slowestMs: SLOWEST_MS },
      },
    });
  });
  after(async () => {
    await service.close();
    folder.remove();
    expect(service.faults).to.deep.equal([]);
  });

  it('tell all that happens to the study and how its sweep stands, until it ends', async () => {
    await begin('told', 6);
    const from = (await storedEvents('told')).length;
    const stream = await listen('told');
    expect(stream).to.include({ status: 200, type: 'text/event-stream; charset=utf-8' });
    const events = await toTheEnd(stream);
    const told = numbered(events);
    const stored = await storedEvents('told');
    // It may have been listened to a little later than the first were counted.
    expect(told).to.deep.equal(stored.slice(stored.length - told.length));
    expect(told.length).to.be.within(stored.length - from - 3, stored.length - from);
    for (const { id, event, data } of events.filter(
      (each) => each.id !== undefined && each.event !== 'end',
    )) {
      const { sequence, kind } = studyEventSchema.parse(data);
      expect([id, event]).to.deep.equal([String(sequence), kind]);
    }
    const progress = events
      .filter(({ event }) => event === 'progress')
      .map(({ data }) => sweepResourceSchema.parse(data));
    const counts = progress.map(({ trials }) => trials.completed);
    expect(counts).to.deep.equal(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).to.be.greaterThan(3);
    const last = events.at(-1)!;
    expect(last.event).to.equal('end');
    expect(last.id).to.equal(String(stored.length));
    expect(sweepResourceSchema.parse(last.data)).to.include({ state: 'completed' });
  });

  it('go on after the Last-Event-ID, with none twice and none left out, and end for who has heard all', async () => {
    await begin('again', 8);
    const heard: object[] = [];
    let lastEventId = '0';
    for (let i = 0; i < 6; i++) {
      const stream = await listen('again', lastEventId);
      const some = await stream.until(({ id, event }) => id !== undefined && event !== 'end');
      stream.leave();
      heard.push(...numbered(some));
      lastEventId = some.findLast(({ id }) => id !== undefined)!.id!;
    }
    heard.push(...numbered(await toTheEnd(await listen('again', lastEventId))));
    const stored = await storedEvents('again');
    expect(heard).to.deep.equal(stored);
    expect((await listen('again', String(stored.length))).status).to.equal(204);
    const one = await toTheEnd(await listen('again'));
    expect(one.map(({ event }) => event)).to.deep.equal([undefined, 'end']);
    const late = await toTheEnd(await listen('again', '2'));
    expect(numbered(late)).to.deep.equal(stored.slice(2));
  });

  it('go on from the last where the Last-Event-ID is beyond it, as after a restore', async () => {
    await begin('restored', 6);
    const events = await toTheEnd(await listen('restored', '999999'));
    const told = numbered(events);
    expect(told).to.have.length.greaterThan(3);
    const stored = await storedEvents('restored');
    expect(told).to.deep.equal(stored.slice(stored.length - told.length));
  });

  it('have a heartbeat while nothing happens, end at a cancel, and are for so many listeners', async () => {
    await begin('quiet', 100);
    await untilSweep(service, 'quiet', ({ trials }) => trials.completed > 0);
    await service.post('/v1/studies/quiet/sweep:pause');
    const streams: EventStream[] = [];
    for (let i = 0; i < LISTENERS; i++) streams.push(await listen('quiet'));
    const beyond = await service.get('/v1/studies/quiet/sweep:events');
    expectProblem(beyond, 429, 'listeners_full');
    expect(beyond.headers['retry-after']).to.match(/^[0-9.]+$/);
    const [first] = streams;
    const until = await first!.until(({ comment }) => comment !== undefined);
    expect(until.at(-1)!.comment).to.equal('still here');
    expect((await service.get('/metrics')).text).to.contain(`pondera_sweep_listeners ${LISTENERS}\n`);
    streams.pop()!.leave();
    await new Promise((resolve) => setTimeout(resolve, 200));
    streams.push(await listen('quiet'));
    await service.post('/v1/studies/quiet/sweep:cancel');
    for (const stream of streams) {
      const events = await toTheEnd(stream);
      expect(events.at(-1)!.event).to.equal('end');
      expect((events.at(-1)!.data as { state: string }).state).to.equal('cancelled');
    }
  });

  it('are refused where there are none, or after what is no event', async () => {
    await service.post('/v1/studies', datasetStudy('never'));
    expectProblem(await service.get('/v1/studies/never/sweep:events'), 404, 'sweep_not_found');
    expectProblem(await service.get('/v1/studies/nobody/sweep:events'), 404, 'study_not_found');
    expectProblem(
      await exchange(service.address, 'GET', '/v1/studies/told/sweep:events', {
        headers: { 'last-event-id': '-1' },
      }),
      422,
      'request_invalid',
    );
    expectProblem(await service.post('/v1/studies/told/sweep:events'), 405, 'method_not_allowed');
    const head = await exchange(service.address, 'HEAD', '/v1/studies/told/sweep:events');
    expect([head.status, head.type]).to.deep.equal([200, 'text/event-stream; charset=utf-8']);
  });

  it('wait for a client that does not read, hold up nobody else, and cut it off in the end', async () => {
    await begin('slow', 100);
    await service.post('/v1/studies/slow/sweep:pause');
    const store = await openStore(folder.file('a.db'));
    for (let i = 0; i < MANY_EVENTS; i += EVENTS_AT_ONCE) {
      const note = { kind: 'trial_noted', trial: null, payload: { text: 'x'.repeat(1000) } } as const;
      const some = Array.from({ length: EVENTS_AT_ONCE }, () => note);
      await appendEvents(store, 'slow', { actor: 'ann', at: '2026-01-01T00:00:00.000Z' }, some);
    }
    await store.destroy();
    const before = process.memoryUsage().arrayBuffers;
    const socket = connect(Number(new URL(service.address).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /v1/studies/slow/sweep:events HTTP/1.1\r\nHost: 127.0.0.1\r\nLast-Event-ID: 0\r\n\r\n');
    socket.pause();
    const other = await listen('slow', '0');
    let heard = 0;
    await other.until(({ event }) => event === 'trial_noted' && ++heard === MANY_EVENTS);
    other.leave();
    while (!(await service.get('/metrics')).text.includes('pondera_sweep_listeners 0\n')) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'close');
    expect(bytes, 'what the system keeps of a connection, and no more').to.be.within(1, MANY_EVENTS * 500);
    expect(process.memoryUsage().arrayBuffers - before).to.be.lessThan(MANY_EVENTS * 500);
  });

  it('end when the service stops, with their last id', async () => {
    await begin('stopped', 300);
    const stream = await listen('stopped');
    await stream.until(({ event }) => event === 'trial_completed');
    const draining = lifecycle.drain(2000);
    const rest = await toTheEnd(stream);
    expect(rest.map(({ event }) => event)).to.not.include('end');
    expect(await draining).to.equal(0);
  });
});
