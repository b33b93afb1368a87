import * as fc from 'fast-check';
import type { ArbitraryRequest } from './arbitrary-request.ts';
import { mutated, troublesome } from './mutation.ts';
import { RELEVANCE_STUDY } from './relevance-study.ts';

const WINDOW = { start: '2025-12-01', end: '2025-12-15' };
const GATES = ['sample_ratio', 'mixed_units', 'impossible_sem', 'missing_arms'];
const ARMS = ['baseline', 'theirs', 'r1-1', 'r1-2'];

const byArm = (value: unknown): object => Object.fromEntries(ARMS.map((arm) => [arm, value]));
const clicks = { kind: 'propensity', arms: byArm({ mean: 0.4, sem: 0.0155 }) };

function readout(saves: object): object {
  return {
    readout: {
      window: { ...WINDOW, end: '2025-12-05' },
      units: byArm(1000),
      metrics: { saves: { kind: 'volume', arms: saves }, clicks },
    },
    force: GATES,
  };
}

const size = fc.constantFrom(1e-323, 1e-100, 1e-9, 1, 1e9, 1e99);
const number = fc
  .tuple(fc.constantFrom(-1, 0, 1, 1), fc.double({ min: 0.1, max: 1, noNaN: true }), size)
  .map(([sign, share, unit]) => sign * share * unit);

/** What four arms were measured to be, of any size. */
const meansOf = (measured: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc
    .array(measured, { minLength: 4, maxLength: 4 })
    .map((each) => readout(Object.fromEntries(ARMS.map((arm, i) => [arm, each[i]!]))));
const anyMeans = meansOf(fc.record({ mean: number, sem: number.map(Math.abs) }));
/** As models of relative changes take them, from exact to hardly known. */
const likelyMeans = meansOf(
  fc.record({
    mean: fc.double({ min: 0.5, max: 5, noNaN: true }),
    sem: fc.constantFrom(0, 1e-300, 1e-12, 0.001, 0.03, 0.4),
  }),
);

const readoutBody = fc.oneof(
  { arbitrary: anyMeans, weight: 2 },
  { arbitrary: likelyMeans, weight: 3 },
  ...[
    { mean: 1.2, sem: 0.01 },
    { n: 1000, sum: 900, sumOfSquares: 2000 },
    { lift: 0.1, sem: 0.02 },
  ].map((saves) => ({ arbitrary: mutated(readout(byArm(saves))), weight: 1 })),
);

const experimentBody = mutated({
  window: WINDOW,
  arms: 2,
  handPicked: [{ name: 'theirs', weights: RELEVANCE_STUDY.baseline.weights }],
  units: 100,
  coverage: 0.5,
  controlShare: 'sharpest',
  generator: 'thompson',
  promised: 1,
  measure: true,
  merge: { above: 0.9, cutoff: 3 },
});

const planBody = fc.oneof(
  mutated({
    unitsPerDay: 1000,
    days: 7,
    mostArms: 3,
    control: 'sharpest',
    metrics: { saves: { mean: 1, stddev: 2, relevantEffect: 0.1 } },
  }),
  fc.record({
    unitsPerDay: number,
    days: number,
    mostArms: fc.integer({ min: 1, max: 3 }),
    metrics: fc.record({ saves: fc.record({ mean: number, stddev: number.map(Math.abs) }) }),
  }),
);

const experiments = '/v1/studies/fuzz-online/experiments';
const posted = (path: string, body: unknown): ArbitraryRequest => ({
  method: 'POST',
  path: `${experiments}${path}`,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Close to what the interface of experiments takes: one thing is off, or nothing. */
export const arbitraryExperimentRequest: fc.Arbitrary<ArbitraryRequest> = fc.oneof(
  { arbitrary: readoutBody.map((body) => posted('/1/readouts', body)), weight: 4 },
  { arbitrary: experimentBody.map((body) => posted('', body)), weight: 1 },
  { arbitrary: planBody.map((body) => posted(':plan', body)), weight: 2 },
  {
    arbitrary: fc
      .tuple(fc.constantFrom('/1:start', '/2:end', '/9:end'), troublesome)
      .map(([path, body]) => posted(path, body)),
    weight: 1,
  },
  {
    arbitrary: fc
      .constantFrom(
        '',
        '/1',
        '/1/readouts',
        '/1:analyse',
        '/1:analyse?alpha=1e-320',
        '/1:analyse?correction=none&alpha=0.1',
        '/1:export?format=unleash',
        '/1:export?format=planout&coverage=1e-9',
        '/1:export?coverage[]=1',
        ':recommend',
        ':recommend?arms=2&generator=thompson&relevantGain=1e-300',
        ':recommend?confidence=2',
      )
      .map((path) => ({ method: 'GET', path: `${experiments}${path}`, headers: {} })),
    weight: 4,
  },
);

/** Files of rows, sound and troublesome; few, as each is read by a process of its own. */
export function fileRequests(arms: readonly string[]): readonly ArbitraryRequest[] {
  const rows = arms.flatMap((arm) =>
    Array.from({ length: 300 }, (_, i) => `${arm}-${i},${arm},${i % 4},${i % 2}`),
  );
  const csv = ['user_id,arm,saves,clicks', ...rows].join('\n');
  const force = GATES.map((gate) => `force=${gate}`).join('&');
  const file = (body: string, query: string, type = 'text/csv'): ArbitraryRequest => ({
    method: 'POST',
    path: `${experiments}/1/readouts:import?end=2025-12-05&${force}&${query}`,
    headers: { 'content-type': type },
    body,
  });
  return [
    file(csv, ''),
    file(csv.replaceAll('300,', '1e300,').replaceAll(',1,', ',1e39,'), 'column=saves=saves'),
    file(csv, "arm=arm'--&user=%00&column=saves=%22;DROP"),
    file(`${csv}\n${'"'.repeat(999)}`, 'noUser=true'),
    file('a\n'.repeat(5000), 'arm=a&user=a&column=saves=a&column=clicks=a'),
    file(JSON.stringify({ arm: arms, metric: [[[]]] }).repeat(9), '', 'application/x-ndjson'),
    file(`PAR1${'\u0000'.repeat(40)}PAR1`, '', 'application/vnd.apache.parquet'),
    file(`arm,metric,mean,sem\n${arms.map((arm) => `${arm},saves,1e308,1e-308`).join('\n')}`, ''),
  ];
}
