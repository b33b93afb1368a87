import { expect } from 'chai';
import * as fc from 'fast-check';
import { arbitraryRequest, type ArbitraryRequest, isStream } from './arbitrary-request.ts';
import { type Answer, exchange, expectProblemDocument, sendJson } from './exchange.ts';
import { FUZZ_STUDIES, SEVERAL_OBJECTIVES } from './fuzz-bodies.ts';
import { DOCUMENT, operationOf } from './openapi/conformance.ts';
import { complete, createStudy, relevanceAndSafety, suggest } from './relevance-study.ts';
import { type RunningService, startService, temporaryDatabases } from './running-service.ts';

/** Creates the studies that the requests are about: exact, noisy, derived and several metrics, the models asked after 3 trials. */
async function createFuzzStudies(service: RunningService): Promise<void> {
  const changes = { budget: 12, initialTrials: 3 };
  await createStudy(service, 'fuzz', changes);
  await createStudy(service, 'fuzz-noisy', { ...changes, metrics: {} });
  await createStudy(service, 'fuzz-several', { ...changes, ...SEVERAL_OBJECTIVES });
  await createStudy(service, 'fuzz-derived', {
    ...changes,
    derived: { worth: 'relevance + 0.5 * safety' },
    objective: 'maximize worth',
    guardrails: ['worth >= 0.9 * baseline'],
  });
  // Their models are asked from the start, and some trials run.
  for (const name of FUZZ_STUDIES) {
    for (const trial of [...(await suggest(service, name)), ...(await suggest(service, name, 3))]) {
      await complete(service, name, trial, relevanceAndSafety(trial.weights));
    }
    await suggest(service, name, 6);
  }
  for (const name of ['doomed-1', 'doomed-2', 'doomed-3']) await createStudy(service, name);
}

/** How often each operation was asked, and answered with what status. */
type Answered = ReadonlyMap<string, ReadonlyMap<number, number>>;

/**
 * Sends this many requests, one after another, most of them near to what an operation of the OpenAPI document takes. No answer is
 * the service's fault, none is missing, and each is as the document says.
 */
async function expectAnswers(service: RunningService, requests: number, seed: number): Promise<Answered> {
  await createFuzzStudies(service);
  const answered = new Map<string, Map<number, number>>();
  await fc.assert(
    fc.asyncProperty(arbitraryRequest, async (request) => {
      const [name, status] = await expectAnswer(service, request);
      const counts = answered.get(name) ?? new Map<number, number>();
      answered.set(name, counts.set(status, (counts.get(status) ?? 0) + 1));
    }),
    // What the service answers depends on what was sent before: a shorter sequence is another one.
    { numRuns: requests, endOnFailure: true, seed },
  );
  return answered;
}

/** A batch of 100 candidates, which some requests ask for, takes a minute on a machine that is busy. */
const LONGEST_WAIT_MS = 300_000;
const deadline = 2 * (LONGEST_WAIT_MS / 1000);

/** Requests to one service: with more, its studies grow, and most time would go into their models. */
const OF_ONE_SERVICE = 1000;

/** The same of any number of requests, to a new service every thousand. Every operation is carried out and refused in between. */
export async function expectAnswersOfMany(requests: number): Promise<void> {
  const answered: Answered[] = [];
  for (let seed = 1; seed <= requests / OF_ONE_SERVICE; seed++) {
    const databases = temporaryDatabases();
    const service = await startService(databases.file('trials.db'), undefined, { limits: { deadline } });
    try {
      answered.push(await expectAnswers(service, OF_ONE_SERVICE, seed));
      expect(service.faults).to.deep.equal([]);
    } finally {
      await service.close();
      databases.remove();
    }
    if (seed % 10 === 0) process.stdout.write(`      ${seed * OF_ONE_SERVICE} of ${requests}\n`);
  }
  process.stdout.write(`      ${countsByStatus(answered)}\n`);
  expectAllCarriedOut(answered);
}

/** Operations that need more than studies: rounds of experiments (`experiment-fuzz.test.ts`), datasets (`sweeps.test.ts`). */
const HAVE_TESTS: ReadonlySet<string> = new Set(['Experiments', 'Sweeps']);

/** `2000 requests: 900 × 200, …` */
function countsByStatus(answered: readonly Answered[]): string {
  const counts = new Map<number, number>();
  for (const [status, count] of answered.flatMap((each) => [...each.values()].flatMap((of) => [...of]))) {
    counts.set(status, (counts.get(status) ?? 0) + count);
  }
  const sorted = [...counts].toSorted(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  return `${total} requests: ${sorted.map(([status, count]) => `${count} × ${status}`).join(', ')}`;
}

/** Every operation was carried out and, where it can be asked wrongly, refused: fuzz that fails at the first check proves little. */
function expectAllCarriedOut(answered: readonly Answered[]): void {
  for (const methods of Object.values(DOCUMENT.paths)) {
    for (const operation of Object.values(methods)) {
      const { operationId, parameters, requestBody, tags } = operation;
      if (isStream(operation) || HAVE_TESTS.has(tags[0]!)) continue;
      const statuses = answered.flatMap((each) => [...(each.get(operationId)?.keys() ?? [])]);
      const [isDone, isRefused] = [
        statuses.some((status) => status < 300),
        statuses.some((status) => status >= 400),
      ];
      expect(isDone, `${operationId} was never carried out`).to.equal(true);
      const canBeWrong = parameters.length > 0 || requestBody !== undefined;
      expect(isRefused || !canBeWrong, `${operationId} was never refused`).to.equal(true);
    }
  }
}

/** No fault of the service, and what the document says; returns the operation and the status. */
export async function expectAnswer(
  service: RunningService,
  { method, path, ...sent }: ArbitraryRequest,
): Promise<readonly [operation: string, status: number]> {
  const url = encodeURI(path).replaceAll('%25', '%');
  const answer = await exchange(service.address, method, url, { ...sent, waitMs: LONGEST_WAIT_MS });
  expectNoFault(service, answer);
  if (answer.status >= 400 && method !== 'HEAD') {
    expectProblemDocument(answer, `${url} ${sent.body ?? ''}`);
  }
  return [operationOf(method, url)?.operation.operationId ?? 'none', answer.status];
}

async function expectSound(service: RunningService, send: () => Promise<Answer>): Promise<void> {
  const answer = await send();
  expectNoFault(service, answer);
  if (answer.status >= 400) expectProblemDocument(answer);
}

function expectNoFault({ faults }: RunningService, { status, text }: Answer): void {
  expect(status, `${text} ${String(faults.at(-1))}`).to.be.within(200, 499);
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
        expectSound(service, () => sendJson(address, method, `${path}${rest}`, body));
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
      await expectSound(service, () => sendJson(address, 'GET', `/v1/studies/${study}/model`));
      await send('POST', ':suggest', { count: 2 });
      await send('GET', '');
    }),
    { numRuns: studies },
  );
}
