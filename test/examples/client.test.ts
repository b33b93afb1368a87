import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { PonderaError, ponderaClient } from '../../examples/pondera-client.ts';
import { serviceOfThisFile } from '../server/running-service.ts';
import { RELEVANCE_STUDY } from '../server/relevance-study.ts';
import { typeOf } from './client-types.ts';
import { clientTypesFile } from './print-client-types.ts';

describe('the typed client', () => {
  const service = serviceOfThisFile();

  it('has the types of the OpenAPI document as it is', async () => {
    const file = new URL('../../../examples/pondera-api.ts', import.meta.url);
    expect(readFileSync(file, 'utf8'), 'node dist/test/examples/print-client-types.js').to.equal(
      await clientTypesFile(),
    );
  });

  it('has a type for each form that a schema takes', () => {
    expect(typeOf({ anyOf: [{ type: 'string' }, { type: 'integer' }] })).to.equal('(string) | (number)');
    expect(typeOf({ type: ['number', 'null'] } as never)).to.equal('(number) | (null)');
    expect(typeOf({ type: 'array', prefixItems: [{ type: 'number' }, { const: 1 }] })).to.equal(
      'readonly [number, 1]',
    );
    expect(typeOf({ enum: ['a', 1] })).to.equal('"a" | 1');
    expect(typeOf({ type: 'object', additionalProperties: { type: 'boolean' } })).to.equal(
      'Readonly<Record<string, boolean>>',
    );
    expect(typeOf({ type: 'object', properties: {}, additionalProperties: false })).to.equal(
      'Record<string, never>',
    );
    expect(typeOf({})).to.equal('unknown');
  });

  it('fills paths and queries, sends lines, matches a revision, and has text where the answer is text', async () => {
    const pondera = ponderaClient(service().address);
    const name = 'typed';
    const { weights } = RELEVANCE_STUDY.baseline;
    await pondera('POST /v1/studies', { body: { ...RELEVANCE_STUDY, name } });
    const lines = [0.25, 0.5].map((relevance) =>
      JSON.stringify({ weights, metrics: { relevance, safety: 1 } }),
    );
    const imported = await pondera('POST /v1/studies/{id}/trials:import', {
      path: { id: name },
      body: lines.join('\n'),
    });
    expect(imported).to.deep.equal({ imported: 2, first: 1, last: 2 });
    const page = await pondera('GET /v1/studies/{id}/trials', {
      path: { id: name },
      query: { pageSize: 1, order: '-metrics.relevance' },
    });
    expect(page.trials.map(({ number }) => number)).to.deep.equal([2]);
    const csv = await pondera('GET /v1/studies/{id}/trials:export', {
      path: { id: name },
      query: { format: 'csv' },
    });
    expect(csv.split('\r\n')).to.have.length(4);
    const patched = await pondera('PATCH /v1/studies/{id}', {
      path: { id: name },
      body: { budget: 5 },
      ifMatch: '*',
    });
    expect(patched.definition.budget).to.equal(5);
    expect(await pondera('DELETE /v1/studies/{id}', { path: { id: name } })).to.equal(undefined);
  });

  it('throws the problem document', async () => {
    const pondera = ponderaClient(service().address);
    const error: unknown = await pondera('GET /v1/studies/{id}', { path: { id: 'a/b' } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.an.instanceOf(PonderaError);
    expect((error as PonderaError).problem).to.include({
      status: 404,
      type: 'urn:pondera:problem:study_not_found',
    });
  });

  describe('where answers are lost', () => {
    const keys: (string | undefined)[] = [];
    let server: Server;
    before((done) => {
      server = createServer((request, response) => {
        keys.push(request.headers['idempotency-key'] as string | undefined);
        if (keys.length === 1) request.destroy();
        else if (keys.length === 2) response.writeHead(503, { 'retry-after': '0' }).end('{}');
        else response.writeHead(200, { 'content-type': 'application/json' }).end('{"trials":[]}');
      }).listen(0, '127.0.0.1', done);
    });
    after((done) => {
      server.close(done);
      server.closeAllConnections();
    });

    it('sends a request again under the same key', async () => {
      const { port } = server.address() as AddressInfo;
      const pondera = ponderaClient(`http://127.0.0.1:${port}`);
      const answer = await pondera('POST /v1/studies/{id}/trials:suggest', { path: { id: 'x' } });
      expect(answer).to.deep.equal({ trials: [] });
      expect(keys).to.have.length(3);
      expect(new Set(keys).size).to.equal(1);
      expect(keys[0]).to.match(/^[0-9a-f-]{36}$/);
    });
  });
});
