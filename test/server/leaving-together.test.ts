import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { createStudy, type TrialBody } from './relevance-study.ts';
import { serviceOfThisFile } from './running-service.ts';
import { occupyWorker } from './slow-work.ts';

describe('clients that wait for suggestions together', () => {
  const service = serviceOfThisFile();

  it('get theirs though others leave before: those have none, and no number is left out', async () => {
    const path = '/v1/studies/together/trials:suggest';
    await createStudy(service(), 'together', { baseline: undefined, guardrails: [] });
    const busy = occupyWorker(service());
    const first = service().post<{ trials: TrialBody[] }>(path);
    await setTimeout(50);
    const { hostname, port } = new URL(service().address);
    const leaving = [1, 2, 3].map(() => {
      const sent = request({ hostname, port, path, method: 'POST', agent: false });
      sent.on('error', () => undefined);
      sent.end();
      return sent;
    });
    await setTimeout(50);
    const staying = [1, 2].map(() => service().post<{ trials: TrialBody[] }>(path));
    await setTimeout(50);
    for (const sent of leaving) sent.destroy();
    await busy;
    const answers = await Promise.all([first, ...staying]);
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    const numbers = answers.flatMap(({ body }) => body.trials.map(({ number }) => number));
    expect(numbers.toSorted((a, b) => a - b)).to.deep.equal([1, 2, 3]);
    const { body } = await service().get<{ trials: TrialBody[] }>('/v1/studies/together/trials');
    expect(body.trials.map(({ number }) => number)).to.deep.equal([1, 2, 3]);
  });
});
