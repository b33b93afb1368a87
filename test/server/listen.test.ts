import { EventEmitter, once } from 'node:events';
import type { RequestListener } from 'node:http';
import { expect } from 'chai';
import { listen } from '../../src/server/listen.ts';
import { exchange } from './exchange.ts';

const app: RequestListener = (_request, response) => response.end('answered');

describe('listen', () => {
  it('starts what it serves only where the port can be had', async () => {
    const first = await listen(0, async () => app);
    let started = false;
    const second = listen(Number(new URL(first.address).port), async () => {
      started = true;
      return app;
    });
    const error: unknown = await second.catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'request_invalid');
    expect(started).to.equal(false);
    await first.close();
  });

  it('gives the port back where that cannot be started', async () => {
    const probe = await listen(0, async () => app);
    const port = Number(new URL(probe.address).port);
    await probe.close();
    const failed = listen(port, () => Promise.reject(new RangeError('on purpose')));
    const error: unknown = await failed.catch((reason: unknown) => reason);
    expect(error).to.have.property('message', 'on purpose');
    await (await listen(port, async () => app)).close();
  });

  it('lets requests wait that come before it is started', async () => {
    const probe = await listen(0, async () => app);
    const { address } = probe;
    await probe.close();
    const starting = new EventEmitter();
    const started = once(starting, 'started');
    const listening = listen(Number(new URL(address).port), async () => {
      await started;
      return app;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const early = exchange(address, 'GET', '/');
    await new Promise((resolve) => setTimeout(resolve, 20));
    starting.emit('started');
    expect((await early).text).to.equal('answered');
    await (await listening).close();
  });
});
