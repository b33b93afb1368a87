import { createFuzzStudies, expectAnswers, expectStudiesToGoOn } from './any-request.ts';
import { serviceOfThisFile } from './running-service.ts';

const STUDIES = 300;
const REQUESTS = 5000;

describe('any of many requests', () => {
  const service = serviceOfThisFile();
  before(() => createFuzzStudies(service()));

  it(`gets an answer that is not the service’s fault (${REQUESTS} of them)`, async () => {
    await expectAnswers(service(), REQUESTS);
  }).timeout(900_000);

  it(`leaves a study usable, whatever was measured (${STUDIES} of them)`, async () => {
    await expectStudiesToGoOn(service(), STUDIES);
  }).timeout(900_000);
});
