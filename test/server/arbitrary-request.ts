import * as fc from 'fast-check';
import { ONLINE_STUDY } from './online-study.ts';
import { RELEVANCE_STUDY } from './relevance-study.ts';

export interface ArbitraryRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Part of a path, without the blanks and control characters that Node's client refuses to send. */
const pathText = fc.string({
  unit: fc.constantFrom(...Array.from('aZ0-_.~:/%2Fé?#[]@!$&()*+,;=')),
  maxLength: 30,
});

/** Text, numbers and shapes that have broken programs before. */
const TROUBLES: readonly unknown[] = JSON.parse(`[
  null, true, "", " ", "__proto__", "constructor", "baseline", "\\u0000", "\\ud800", "${'x'.repeat(5000)}",
  0, -0, -1, 0.5, 1e-320, 1e-9, 1e15, 1e99, 1e101, 1.7e308, 9007199254740992,
  [], {}, [[]], [0, 0], [0, 1], [1, 0],
  "a <= b", "safety >= 1e99 * baseline", "safety == 1", "fresh + close == 0.5", "1e999 * fresh <= 1", "2 * relevance", "worth - worth"
]`) as unknown[];

export const troublesome = fc.oneof(fc.constantFrom(...TROUBLES), fc.jsonValue({ maxDepth: 3 }));

/** The value with one of its parts, however deep, replaced or joined by another. */
export function mutated(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null) return troublesome;
  const entries = Object.entries(value);
  const grown = fc
    .tuple(fc.constantFrom('extra', '__proto__', 'log', 'report', 'heads'), troublesome)
    .map(([key, part]) => withPart(value, key, part));
  const changed = entries.map(([key, part]) => mutated(part).map((other) => withPart(value, key, other)));
  return fc.oneof(troublesome, grown, ...changed.flatMap((change) => [change, change]));
}

function withPart(value: object, key: string, part: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown, i) => (String(i) === key ? part : item));
  return Object.defineProperty({ ...value }, key, { value: part, enumerable: true });
}

const { objective, ...RELEVANCE_REST } = { ...RELEVANCE_STUDY, budget: 6, initialTrials: 3 };
const SEVERAL = { objectives: [objective, 'minimize safety'], referencePoint: { safety: 2 } };
const DERIVED = {
  derived: { worth: 'relevance + 0.5 * safety', loss: { coefficients: { safety: -1 }, constant: 1 } },
  objective: 'maximize worth',
};
const studyBody = fc
  .tuple(
    fc.integer({ min: 0, max: 1e9 }),
    fc.oneof(
      mutated({ ...RELEVANCE_REST, objective }),
      mutated({ ...RELEVANCE_REST, ...SEVERAL }),
      mutated({ ...RELEVANCE_REST, ...DERIVED }),
      mutated({ ...RELEVANCE_REST, objective, online: ONLINE_STUDY.online }),
    ),
  )
  .map(([id, study]) =>
    typeof study === 'object' && study !== null && !Array.isArray(study)
      ? { name: `fuzz-${id}`, ...study }
      : study,
  );
const measured = { relevance: { mean: 0.5, sem: 0.1 }, safety: 0.75 };
const measuredBody = fc.oneof(
  fc.constant({ metrics: measured }),
  fc
    .tuple(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: 1e-300, noNaN: true, max: 1e99 }),
    )
    .map(([relevance, safety]) => ({ metrics: { relevance, safety } })),
  mutated({ metrics: { ...measured, safety: { mean: 0.5, n: 40 } } }),
  mutated({ metrics: { ...measured, safety: null } }),
);
const suggestBody = fc.oneof(
  fc.record({ count: fc.oneof(fc.integer({ min: 1, max: 4 }), troublesome) }),
  mutated({ count: 2, clientId: 'ann', leaseSeconds: 60, fixed: { fresh: 0.25 } }),
  troublesome,
);

/** What is done with a trial beside completing it. */
const action = fc.oneof(
  fc.tuple(fc.constantFrom(':fail', ':infeasible', ':void'), mutated({ reason: 'broken' })),
  fc.tuple(fc.constant(':abandon'), fc.constantFrom({}, null, { reason: 'x' })),
  fc.tuple(fc.constant(':heartbeat'), mutated({ clientId: 'ann', leaseSeconds: 60 })),
  fc.tuple(fc.constant(':correct'), mutated({ metrics: measured, reason: 'recounted' })),
  fc.tuple(fc.constant('/notes'), mutated({ text: 'x' })),
);

/** Few keys, so that some meet again; and some that are none. */
const idempotencyKey = fc.oneof(
  { arbitrary: fc.constant({}), weight: 3 },
  {
    arbitrary: fc
      .constantFrom('a', 'b', '', 'x y', 'x'.repeat(300))
      .map((key) => ({ 'idempotency-key': key })),
    weight: 1,
  },
);

const attachBody = fc.oneof(
  mutated({ weights: RELEVANCE_STUDY.baseline.weights, note: 'x' }),
  mutated({ replicateOf: 0, metrics: measured }),
  fc.record({ replicateOf: fc.nat(4) }),
);

/** Lines of which some are sound. */
const importBody = fc
  .array(
    fc.oneof(
      mutated({ weights: RELEVANCE_STUDY.baseline.weights, metrics: measured }).map((line) =>
        JSON.stringify(line),
      ),
      fc.constantFrom('', ' ', '{', '\u0000', '[]'),
    ),
    { maxLength: 4 },
  )
  .map((lines) => lines.join('\n'));

const studyId = fc.oneof(fc.constantFrom('fuzz', 'fuzz-noisy', 'fuzz-derived'), pathText);
const trialNumber = fc.oneof(fc.nat(8).map(String), pathText);
const json = (body: unknown): Pick<ArbitraryRequest, 'headers' | 'body'> => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Close to what the interface takes: one thing is off, or nothing. */
const plausible: fc.Arbitrary<ArbitraryRequest> = fc.oneof(
  studyBody.map((body) => ({ method: 'POST', path: '/v1/studies', ...json(body) })),
  fc
    .tuple(studyId, suggestBody)
    .map(([id, body]) => ({ method: 'POST', path: `/v1/studies/${id}/trials:suggest`, ...json(body) })),
  fc
    .tuple(studyId, mutated({ weights: [RELEVANCE_STUDY.baseline.weights] }))
    .map(([id, body]) => ({ method: 'POST', path: `/v1/studies/${id}:predict`, ...json(body) })),
  fc.tuple(studyId, importBody).map(([id, body]) => ({
    method: 'POST',
    path: `/v1/studies/${id}/trials:import`,
    headers: { 'content-type': 'application/x-ndjson' },
    body,
  })),
  fc
    .tuple(
      fc.constantFrom('fuzz', 'fuzz-noisy', 'nobody'),
      mutated({ budget: 900, confidence: 0.9, description: 'x' }),
      fc.constantFrom({}, { 'if-match': '*' }, { 'if-match': '"1", W/"2"' }),
    )
    .map(([id, body, ifMatch]) => {
      const { headers, ...sent } = json(body);
      return { method: 'PATCH', path: `/v1/studies/${id}`, headers: { ...headers, ...ifMatch }, ...sent };
    }),
  fc
    .constantFrom('nobody:archive', 'fuzz-derived:archive', 'fuzz-derived:unarchive', 'fuzz:unarchive')
    .map((path) => ({ method: 'POST', path: `/v1/studies/${path}`, headers: {} })),
  fc
    .constantFrom('nobody', 'fuzz-1', 'fuzz-2')
    .map((id) => ({ method: 'DELETE', path: `/v1/studies/${id}`, headers: { 'if-match': '"1"' } })),
  fc
    .tuple(studyId, attachBody)
    .map(([id, body]) => ({ method: 'POST', path: `/v1/studies/${id}/trials`, ...json(body) })),
  fc.tuple(studyId, trialNumber, measuredBody).map(([id, number, body]) => ({
    method: 'POST',
    path: `/v1/studies/${id}/trials/${number}:complete`,
    ...json(body),
  })),
  fc.tuple(studyId, trialNumber, action, idempotencyKey).map(([id, number, [verb, body], key]) => {
    const { headers, ...sent } = json(body);
    const path = `/v1/studies/${id}/trials/${number}${verb}`;
    return { method: 'POST', path, headers: { ...headers, ...key }, ...sent };
  }),
  fc
    .tuple(
      studyId,
      fc.constantFrom(
        '/events',
        '/events?pageSize=2&pageToken=1',
        '/events?pageSize=1e3&pageToken=',
        '/events?pageSize[]=1',
        '/trials/1/notes',
        '/trials?pageSize=2&order=-metrics.relevance&state=completed',
        '/trials?pageToken=WyJ4IiwxXQ&order=number',
        '/trials?order=metrics.__proto__&clientId=%00',
        '/trials?pageSize=1&generator[]=x',
        '/trials:export?format=csv',
        '/trials:export?state=running&format=tsv',
        '/trials/1:explain',
      ),
    )
    .map(([id, rest]) => ({ method: 'GET', path: `/v1/studies/${id}${rest}`, headers: {} })),
  fc
    .tuple(
      studyId,
      fc.constantFrom('', ':report', '/model', '/trials', '/trials:best', '/trials:pareto', '/trials/1'),
    )
    .map(([id, rest]) => ({ method: 'GET', path: `/v1/studies/${id}${rest}`, headers: {} })),
);

/** Any method, path, headers and text. */
const implausible: fc.Arbitrary<ArbitraryRequest> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'),
  path: fc
    .tuple(fc.constantFrom('/', '/v1/', '/v1/studies', '/v1/studies/fuzz/'), pathText)
    .map((parts) => parts.join('')),
  headers: fc.oneof(
    fc.constant({ 'content-type': 'application/json' }),
    fc.record({
      'content-type': fc.constantFrom(
        'text/plain',
        'application/json; charset=utf-16',
        'application/x+json',
        ';',
      ),
      'content-encoding': fc.constantFrom('identity', 'gzip', 'br', 'nonsense'),
      accept: fc.constantFrom('*/*', 'text/html', ''),
      'if-none-match': fc.constantFrom('*', 'W/"1"'),
    }),
  ),
  body: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...Array.from('{}[]",:0eE-.\\ntu ')), maxLength: 40 }),
    fc.json(),
  ),
});

export const arbitraryRequest: fc.Arbitrary<ArbitraryRequest> = fc.oneof(
  { arbitrary: plausible, weight: 3 },
  { arbitrary: implausible, weight: 1 },
);
