import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Request } from 'express';
import { expect } from 'chai';
import { importLines } from '../../src/server/import-lines.ts';
import type { SoundTrial, TrialImport } from '../../src/service/import-trials.ts';

const LINE = `${JSON.stringify({ weights: { a: 1 }, metrics: { gain: 1 } })}\n`;

describe('the lines of an import', () => {
  it('are given up without a fault where the client leaves once all have arrived and none is read yet', async () => {
    const request = new IncomingMessage(new Socket());
    const importing: TrialImport = {
      known: undefined,
      check: () => ({}) as SoundTrial,
      store: () => Promise.reject(new RangeError('nobody waits for it')),
      finish: () => Promise.resolve(),
    };
    request.push(LINE);
    request.complete = true;
    request.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
    expect(await importLines(request as Request, importing, () => false)).to.equal(undefined);
  });
});
