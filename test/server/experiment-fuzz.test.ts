import { expect } from 'chai';
import * as fc from 'fast-check';
import { expectAnswer } from './any-request.ts';
import { arbitraryExperimentRequest } from './arbitrary-experiment.ts';
import { ROUTES } from '../../src/server/openapi/document.ts';
import { createOnlineStudy, planRound } from './online-study.ts';
import { RELEVANCE_STUDY } from './relevance-study.ts';
import { serviceOfThisFile } from './running-service.ts';

const REQUESTS = 250;

describe('any request about experiments', () => {
  const service = serviceOfThisFile();
  before(async () => {
    await createOnlineStudy(service(), 'fuzz-online', 6);
    const handPicked = [{ name: 'theirs', weights: RELEVANCE_STUDY.baseline.weights }];
    await planRound(service(), 'fuzz-online', { arms: 2, handPicked });
  });

  it(`gets an answer that the document has and that is not the service’s fault (${REQUESTS} of them)`, async () => {
    const carriedOut = new Set<string>();
    await fc.assert(
      fc.asyncProperty(arbitraryExperimentRequest, async (request) => {
        const [name, status] = await expectAnswer(service(), request);
        if (status < 300) carriedOut.add(name);
      }),
      // What the service answers depends on what was sent before: a shorter sequence is another one.
      { numRuns: REQUESTS, endOnFailure: true },
    );
    const operations = Object.entries(ROUTES).filter(([, { tag }]) => tag === 'Experiments');
    expect([...carriedOut]).to.include.members(operations.map(([, { operationId }]) => operationId));
  });
});
