import { expect } from 'chai';
import { datasetResourceSchema, datasetsPageSchema } from '../../src/server/dataset-resources.ts';
import type { TemporaryFolder } from '../e2e/temporary-folder.ts';
import { exchange, expectProblem } from './exchange.ts';
import type { RunningService } from './running-service.ts';
import { datasetStudy, folderWithDataset, register, startSweeping } from './sweeping-service.ts';

describe('datasets', () => {
  let folder: TemporaryFolder;
  let service: RunningService;
  before(async () => {
    folder = await folderWithDataset();
    folder.write('other.csv', 'q,s\n1,0.5\n');
    await register(folder, 'other', 'other.csv');
    service = await startSweeping(folder);
  });
  after(async () => {
    await service.close();
    folder.remove();
    expect(service.faults).to.deep.equal([]);
  });

  it('are listed by name, a page after another, without where they lie', async () => {
    const first = await service.get('/v1/datasets?pageSize=1');
    const page = datasetsPageSchema.parse(first.body);
    expect(page.datasets.map(({ id, rows }) => [id, rows])).to.deep.equal([['feed', 400]]);
    const second = await service.get(`/v1/datasets?pageSize=1&pageToken=${page.nextPageToken}`);
    const rest = datasetsPageSchema.parse(second.body);
    expect(rest.datasets.map(({ id }) => id)).to.deep.equal(['other']);
    expect(rest.nextPageToken).to.equal(null);
    for (const { text } of [first, second]) {
      expect(text).to.not.include(folder.path).and.to.not.include('log.csv').and.to.not.include('other.csv');
    }
    expectProblem(await service.get('/v1/datasets?pageToken=x'), 422, 'request_invalid', '/pageToken');
  });

  it('tell their columns, bytes and fingerprint; requests are not known before a sweep', async () => {
    const { body } = await service.get('/v1/datasets/other');
    expect(datasetResourceSchema.parse(body)).to.deep.include({
      id: 'other',
      rows: 1,
      bytes: 10,
      requests: null,
      columns: [
        { name: 'q', type: 'VARCHAR' },
        { name: 's', type: 'VARCHAR' },
      ],
      // printf 'q,s\n1,0.5\n' | sha256sum
      fingerprint: '4f16be0639ea5901024f0468385d44e0420cb98abfb89ae45f7eaba49c84bc16',
    });
  });

  it('that nobody registered are not found', async () => {
    expectProblem(await service.get('/v1/datasets/none'), 404, 'dataset_not_found');
    expectProblem(await service.get('/v1/datasets/..%2Fetc'), 404, 'dataset_not_found');
  });

  it('are registered on the command line alone', async () => {
    for (const [method, path] of [
      ['POST', '/v1/datasets'],
      ['PUT', '/v1/datasets/feed'],
      ['DELETE', '/v1/datasets/feed'],
    ] as const) {
      expectProblem(await exchange(service.address, method, path), 405, 'method_not_allowed');
    }
  });

  it('are what a study names instead of a path, which is never taken from a client', async () => {
    const created = await service.post<{ definition: { log: object } }>('/v1/studies', datasetStudy('one'));
    expect(created.status, created.text).to.equal(201);
    expect(created.body.definition.log).to.deep.equal({
      dataset: 'feed',
      request: 'r',
      nullScores: 'refuse',
    });
    const path = { log: { path: '/etc/passwd', request: 'r' } };
    expectProblem(
      await service.post('/v1/studies', datasetStudy('two', path)),
      422,
      'study_unsupported',
      '/log/path',
    );
    const both = { log: { path: 'log.csv', dataset: 'feed', request: 'r' } };
    expectProblem(
      await service.post('/v1/studies', datasetStudy('two', both)),
      422,
      'study_invalid',
      '/log/dataset',
    );
    const neither = { log: { request: 'r' } };
    expectProblem(
      await service.post('/v1/studies', datasetStudy('two', neither)),
      422,
      'study_invalid',
      '/log/path',
    );
  });

  it('that a study cannot have are told in a line, each missing column at its place', async () => {
    const unknown = expectProblem(
      await service.post('/v1/studies', datasetStudy('two', {}, 'food')),
      422,
      'study_invalid',
      '/log/dataset',
    );
    expect(unknown.detail).to.equal('no dataset is named "food": expected one of feed, other');
    const lacking = expectProblem(
      await service.post('/v1/studies', datasetStudy('two', {}, 'other')),
      422,
      'study_invalid',
      '/log/request',
    );
    expect(lacking.detail).to.equal('dataset "other" has no column "r": its columns are q, s (and 6 more)');
    expect(lacking.errors?.map(({ pointer }) => pointer)).to.include.members([
      '/log/request',
      '/heads/save/score',
      '/heads/long_click/label',
    ]);
    expectProblem(
      await service.post('/v1/studies', datasetStudy('two', {}, '../feed')),
      422,
      'study_invalid',
      '/log/dataset',
    );
  });
});
