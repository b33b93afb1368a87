import { expect } from 'chai';
import * as fc from 'fast-check';
import { arbitraryRequest } from './arbitrary-request.ts';
import { type Answer, exchange, expectProblemDocument, sendJson } from './exchange.ts';
import { createStudy } from './relevance-study.ts';
import type { RunningService } from './running-service.ts';

/** Creates the studies that the requests are about: exact, noisy and derived metrics, the models asked after 3 trials. */
export async function createFuzzStudies(service: RunningService): Promise<void> {
  const changes = { budget: 12, initialTrials: 3 };
  await createStudy(service, 'fuzz', changes);
  await createStudy(service, 'fuzz-noisy', { ...changes, metrics: {} });
  await createStudy(service, 'fuzz-derived', {
    ...changes,
    derived: { worth: 'relevance + 0.5 * safety' },
    objective: 'maximize worth',
    guardrails: ['worth >= 0.9 * baseline'],
  });
}

/** Sends this many requests of any kind, one after another; no answer is the service's fault and none is missing. */
export async function expectAnswers(service: RunningService, requests: number): Promise<void> {
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(arbitraryRequest, async ({ method, path, ...sent }) => {
      const url = encodeURI(path).replaceAll('%25', '%');
      seen.add(await expectAnswer(service, () => exchange(service.address, method, url, sent)));
    }),
    // What the service answers depends on what was sent before: a shorter sequence is another one.
    { numRuns: requests, endOnFailure: true },
  );
  // A fuzz test whose requests all fail at the first check would prove little.
  expect([...seen]).to.include.members([200, 404, 422]);
}

/** No fault of the service, and a problem document where there is a problem. */
export async function expectAnswer({ faults }: RunningService, send: () => Promise<Answer>): Promise<number> {
  const answer = await send();
  expect(answer.status, `${answer.text} ${String(faults.at(-1))}`).to.be.within(200, 499);
  if (answer.status >= 400) expectProblemDocument(answer);
  return answer.status;
}

const size = fc.constantFrom(1e-323, 1e-200, 1e-9, 1, 1e9, 1e99);
const number = fc
  .tuple(fc.constantFrom(-1, 0, 1, 1), fc.constantFrom(0.25, 0.5, 0.75, 1), size)
  .map(([sign, share, unit]) => sign * share * unit);
const observation = fc.record({ mean: number, sem: fc.option(number.map(Math.abs)) });
const noise = fc.constantFrom('none', 'known', 'inferred');
const coefficient = fc.constantFrom(1e-20, -0.5, 1, 2, -1e20);

/** A study's noise models and the measurements of its first trials: of any size, of sizes that do not go together. */
const measurements = fc.record({
  several: fc.boolean(),
  coefficients: fc.option(fc.record({ relevance: coefficient, safety: coefficient })),
  noise: fc.option(fc.record({ relevance: noise, safety: noise }), { nil: undefined }),
  observed: fc.array(fc.record({ relevance: observation, safety: observation }), {
    minLength: 6,
    maxLength: 6,
  }),
});

/** Runs this many studies on measurements of any kind; each goes on being readable, and being suggested trials for. */
export async function expectStudiesToGoOn(service: RunningService, studies: number): Promise<void> {
  let created = 0;
  const { address } = service;
  await fc.assert(
    fc.asyncProperty(measurements, async ({ several, coefficients, noise: kinds, observed }) => {
      const study = `measured-${created++}`;
      const metrics = kinds && { relevance: { noise: kinds.relevance }, safety: { noise: kinds.safety } };
      const first = coefficients === null ? 'maximize relevance' : 'maximize worth';
      const objectives = several
        ? { objective: undefined, objectives: [first, 'minimize safety'] }
        : { objective: first };
      const derived =
        coefficients === null
          ? {}
          : { derived: { worth: { coefficients } }, guardrails: ['worth >= baseline - 0.5'] };
      await createStudy(service, study, {
        initialTrials: 3,
        metrics: metrics ?? {},
        ...objectives,
        ...derived,
      });
      const path = `/v1/studies/${study}/trials`;
      const send = (method: string, rest: string, body?: unknown) =>
        expectAnswer(service, () => sendJson(address, method, `${path}${rest}`, body));
      const isExact = (metric: 'relevance' | 'safety'): boolean => kinds?.[metric] === 'none';
      const measured = observed.map(({ relevance, safety }) => ({
        relevance: isExact('relevance') ? relevance.mean : relevance,
        safety: isExact('safety') ? safety.mean : safety,
      }));
      for (const [number, values] of measured.entries()) {
        await send('POST', ':suggest');
        await send('POST', `/${number}:complete`, { metrics: values });
        await send('GET', several ? ':pareto' : ':best');
      }
      await send('POST', '', { replicateOf: 1, metrics: measured[0] });
      await send('POST', '', { replicateOf: 0 });
      await expectAnswer(service, () => sendJson(address, 'GET', `/v1/studies/${study}/model`));
      await send('POST', ':suggest', { count: 2 });
      await send('GET', '');
    }),
    { numRuns: studies },
  );
}
