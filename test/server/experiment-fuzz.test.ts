import { expect } from 'chai';
import * as fc from 'fast-check';
import { expectAnswer } from './any-request.ts';
import { arbitraryExperimentRequest, fileRequests } from './arbitrary-experiment.ts';
import { ROUTES } from '../../src/server/openapi/document.ts';
import { createOnlineStudy, type ExperimentBody, planRound } from './online-study.ts';
import { RELEVANCE_STUDY } from './relevance-study.ts';
import { serviceOfThisFile } from './running-service.ts';

const REQUESTS = 250;
const EXPERIMENTS = '/v1/studies/fuzz-online/experiments';
const HAND_PICKED = [{ name: 'theirs', weights: RELEVANCE_STUDY.baseline.weights }];

describe('any request about experiments', () => {
  const service = serviceOfThisFile();
  let planned: ExperimentBody;
  before(async () => {
    await createOnlineStudy(service(), 'fuzz-online', 6);
    planned = await planRound(service(), 'fuzz-online', { arms: 2, handPicked: HAND_PICKED });
  });

  it(`gets an answer that the document has and that is not the service’s fault (${REQUESTS} of them)`, async () => {
    const carriedOut = new Set<string>();
    // A round starts and ends once: arbitrary requests seldom come to that.
    const once = async (path: string): Promise<void> => {
      const headers = { 'content-type': 'application/json' };
      const request = { method: 'POST', path: `${EXPERIMENTS}${path}`, headers, body: '{}' };
      const [name, status] = await expectAnswer(service(), request);
      expect(status).to.be.lessThan(300);
      carriedOut.add(name);
    };
    await once('/1:start');
    await fc.assert(
      fc.asyncProperty(arbitraryExperimentRequest, async (request) => {
        const [name, status] = await expectAnswer(service(), request);
        if (status < 300) carriedOut.add(name);
      }),
      // What the service answers depends on what was sent before: a shorter sequence is another one.
      { numRuns: REQUESTS, endOnFailure: true },
    );
    const { arms } = planned;
    for (const request of fileRequests(arms.map(({ name }) => name))) {
      const [name, status] = await expectAnswer(service(), request);
      if (status < 300) carriedOut.add(name);
    }
    await once('/1:end');
    // Planned in any case, before.
    carriedOut.add('createExperiment');
    const operations = Object.entries(ROUTES).filter(([, { tag }]) => tag === 'Experiments');
    const missing = operations.map(([, { operationId }]) => operationId).filter((id) => !carriedOut.has(id));
    expect(missing, 'never carried out').to.deep.equal([]);
  });
});
