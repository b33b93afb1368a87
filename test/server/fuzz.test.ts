import { createFuzzStudies, expectAnswers, expectStudiesToGoOn } from './any-request.ts';
import { serviceOfThisFile } from './running-service.ts';

const STUDIES = 6;
const REQUESTS = 300;

describe('any request', () => {
  const service = serviceOfThisFile();
  before(() => createFuzzStudies(service()));

  it(`gets an answer that is not the service’s fault (${REQUESTS} of them)`, async () => {
    await expectAnswers(service(), REQUESTS);
  });

  it(`leaves a study usable, whatever was measured (${STUDIES} of them)`, async () => {
    await expectStudiesToGoOn(service(), STUDIES);
  });
});
