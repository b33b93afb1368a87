import { expect } from 'chai';
import * as fc from 'fast-check';
import { expectAnswer } from './any-request.ts';
import { arbitraryExperimentRequest } from './arbitrary-experiment.ts';
import { exchange } from './exchange.ts';
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

  it(`gets an answer that is not the service’s fault (${REQUESTS} of them)`, async () => {
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(arbitraryExperimentRequest, async ({ method, path, ...sent }) => {
        const url = encodeURI(path);
        seen.add(await expectAnswer(service(), () => exchange(service().address, method, url, sent)));
      }),
      // What the service answers depends on what was sent before: a shorter sequence is another one.
      { numRuns: REQUESTS, endOnFailure: true },
    );
    expect([...seen]).to.include.members([200, 201, 422]);
  });
});
