import { expect } from 'chai';
import { printedBy } from '../../e2e/run-pondera.ts';
import { smallLog, smallStudy } from '../../e2e/small-study.ts';
import { type TemporaryFolder, temporaryFolder } from '../../e2e/temporary-folder.ts';
import { type RunningService, startService } from '../running-service.ts';

const FORMS = {
  'read into memory': smallStudy(),
  'in the histogram form': smallStudy({ 'request: r }': 'request: r, form: histogram, bins: 256 }' }),
  'with several objectives': smallStudy({
    'objective: maximize long_click.average_precision':
      'objectives: [long_click.average_precision, save.average_precision]',
    '  - save.average_precision >= 0.9 * baseline\n': '',
  }),
};

describe('answers about a sweep of a log', () => {
  let folder: TemporaryFolder;
  before(() => {
    folder = temporaryFolder();
    folder.write('log.csv', smallLog());
  });
  after(() => folder.remove());

  for (const [form, study] of Object.entries(FORMS)) {
    it(`are as the document says, ${form}`, async () => {
      const database = folder.file(`${form}.db`);
      folder.write('study.yaml', study);
      await printedBy(['sweep', folder.file('study.yaml'), '--db', database, '--workers', '1']);
      const service = await startService(database);
      try {
        await expectAll(service, form === 'with several objectives' ? 'pareto' : 'best');
      } finally {
        await service.close();
      }
      expect(service.faults).to.deep.equal([]);
    });
  }
});

/** Each answer is held against the document as it comes. */
async function expectAll(service: RunningService, result: string): Promise<void> {
  for (const rest of [
    '',
    ':report',
    '/model',
    '/events',
    '/trials',
    `/trials:${result}`,
    '/trials/1:explain',
  ]) {
    const { status, text } = await service.get(`/v1/studies/small${rest}`);
    expect(status, `${rest} ${text}`).to.equal(200);
    expect(text, rest).to.not.include('log.csv');
  }
  const { body } = await service.get<{ trials: { metrics: object }[] }>('/v1/studies/small/trials');
  expect(Object.values(body.trials[1]!.metrics)[0]).to.include.any.keys('changeSem', 'bounds');
  const refused = await service.post('/v1/studies/small/trials:suggest');
  expect(refused.status).to.equal(409);
}
