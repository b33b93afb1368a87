import { expectAnswersOfMany, expectStudiesToGoOn } from './any-request.ts';
import { serviceOfThisFile } from './running-service.ts';

const STUDIES = 6;
const REQUESTS = 2000;

describe('any request', () => {
  const service = serviceOfThisFile();

  it(`gets an answer that the document has and that is not the service’s fault (${REQUESTS} of them)`, async () => {
    await expectAnswersOfMany(REQUESTS);
  }).timeout(300_000);

  it(`leaves a study usable, whatever was measured (${STUDIES} of them)`, async () => {
    await expectStudiesToGoOn(service(), STUDIES);
  });
});
