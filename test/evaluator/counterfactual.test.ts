import { expect } from 'chai';
import * as fc from 'fast-check';
import { type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import * as naive from './naive-counterfactual.ts';
import type { Estimate } from './naive-counterfactual.ts';
import { placedLog, type PlacedRow } from './placed-log.ts';

function metric(name: string): LogMetric {
  const parsed = parseLogMetric(name, ['click']);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

function valueOf(requests: readonly (readonly PlacedRow[])[], name: string): number {
  const log = placedLog(requests);
  return evaluate(log, 'baselineScore', [metric(name)], createEvaluationScratch(log))[name]!;
}

const engaged = { clip: Infinity, gain: (grade: number) => Math.min(grade, 1), discount: () => 1 };
const discounted = {
  clip: Infinity,
  gain: (grade: number) => grade,
  discount: (place: number) => Math.LN2 / Math.log(place + 1),
};

type Twin = (requests: readonly (readonly PlacedRow[])[]) => number | undefined;
const of =
  (
    twin: (requests: readonly (readonly PlacedRow[])[], estimate: Estimate) => number | undefined,
    e: Estimate,
  ): Twin =>
  (requests) =>
    twin(requests, e);

const TWINS: Readonly<Record<string, Twin>> = {
  'ips.engagement@2': of(naive.naiveIps, { ...engaged, cutoff: 2 }),
  'ips.engagement@9{clip=3}': of(naive.naiveIps, { ...engaged, cutoff: 9, clip: 3 }),
  'ips.dcg@3': of(naive.naiveIps, { ...discounted, cutoff: 3 }),
  'ips.dcg@2{gain=exponential,clip=2.5}': of(naive.naiveIps, {
    ...discounted,
    cutoff: 2,
    clip: 2.5,
    gain: (grade) => 2 ** grade - 1,
  }),
  'snips.engagement@3': of(naive.naiveSnips, { ...engaged, cutoff: 3 }),
  'snips.engagement@1{clip=3}': of(naive.naiveSnips, { ...engaged, cutoff: 1, clip: 3 }),
  'snips.dcg@4': of(naive.naiveSnips, { ...discounted, cutoff: 4 }),
};

const SIZES: Readonly<Record<string, Twin>> = {
  'ips.ess@3': of(naive.naiveSampleSize, { ...engaged, cutoff: 3 }),
  'ips.ess@2{clip=3}': of(naive.naiveSampleSize, { ...engaged, cutoff: 2, clip: 3 }),
  'snips.ess@2': of(naive.naiveSmallestSampleSize, { ...engaged, cutoff: 2 }),
};

const row = fc.record({
  utility: fc.constantFrom(0, 0.25, 0.5, 1),
  label: fc.constantFrom(0, 0, 1, 2, 3, null),
  weight: fc.integer({ min: 1, max: 3 }),
  propensity: fc.constantFrom(0.125, 0.25, 0.5, 1),
  order: fc.nat(),
});
const requests = fc
  .array(fc.array(row, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 })
  .map((log) =>
    log.map((rows): PlacedRow[] => {
      const places = [...rows.keys()].sort((a, b) => rows[a]!.order - rows[b]!.order);
      return rows.map((each, i) => ({ ...each, place: places.indexOf(i) + 1 }));
    }),
  )
  .filter((log) => log.flat().some(({ propensity }) => propensity < 1));

const shown = (utility: number, label: number, place: number, propensity: number): PlacedRow => ({
  utility,
  label,
  weight: 1,
  place,
  propensity,
});

/** A request of two rows, the second changed, and one of one. */
function twoRows(change: Partial<PlacedRow>): PlacedRow[][] {
  const first = { ...shown(1, 1, 1, 0.5), segment: 'new' };
  return [[first, { ...first, place: 2, ...change }], [first]];
}

describe('counterfactual metrics', () => {
  it('are their definitions over all orders of tied rows, with weights, grades and missing labels', () => {
    fc.assert(
      fc.property(requests, (log) => {
        for (const [kind, twin] of Object.entries(TWINS)) {
          const name = `click.${kind}`;
          const expected = log.flat().every(({ label }) => label === null) ? undefined : twin(log);
          if (expected === undefined)
            expect(() => valueOf(log, name), name).to.throw(`metric ${name} is undefined on this log`);
          else expect(valueOf(log, name), name).to.be.closeTo(expected, 1e-12);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('have the effective sample size of their weights, a request of one match at a place', () => {
    // A place has at most one row a request, so that its weights are those of requests.
    fc.assert(
      fc.property(requests, (log) => {
        for (const [kind, twin] of Object.entries(SIZES))
          expect(valueOf(log, `click.${kind}`), kind).to.be.closeTo(twin(log)!, 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it('are those of a log that was counted by hand', () => {
    // Request 1 keeps both rows where they were, request 2 turns them around, request 3 ties them.
    const log = [
      [shown(2, 1, 1, 0.5), shown(1, 1, 2, 0.25)],
      [shown(1, 1, 1, 0.5), shown(2, 0, 2, 0.5)],
      [shown(1, 0, 1, 0.25), shown(1, 1, 2, 0.25)],
    ];
    expect(valueOf(log, 'click.ips.engagement@1')).to.be.closeTo(2 / 3, 1e-15);
    expect(valueOf(log, 'click.ips.engagement@2')).to.be.closeTo((2 + 4 + 2) / 3, 1e-15);
    expect(valueOf(log, 'click.ips.engagement@2{clip=3}')).to.be.closeTo((2 + 3 + 1.5) / 3, 1e-15);
    expect(valueOf(log, 'click.snips.engagement@1')).to.be.closeTo(2 / 4, 1e-15);
    expect(valueOf(log, 'click.snips.engagement@2')).to.be.closeTo(2 / 4 + 6 / 6, 1e-15);
    expect(valueOf(log, 'click.ips.ess@2')).to.be.closeTo(10 ** 2 / (4 + 16 + 4 + 4), 1e-12);
    expect(valueOf(log, 'click.snips.ess@2')).to.be.closeTo(6 ** 2 / (16 + 4), 1e-12);
  });

  const invariant: readonly (readonly [string, (log: PlacedRow[][]) => PlacedRow[][]])[] = [
    [
      'utilities are transformed monotonically',
      (log) => changed(log, (r) => ({ ...r, utility: Math.exp(r.utility) })),
    ],
    ['all weights are multiplied', (log) => changed(log, (r) => ({ ...r, weight: 1e90 * r.weight }))],
    [
      'rows of a request, and requests, change places in the file',
      (log) => log.map((r) => r.toReversed()).toReversed(),
    ],
  ];
  for (const [what, transform] of invariant) {
    it(`do not change when ${what}`, () => {
      fc.assert(
        fc.property(requests, (log) => {
          for (const kind of [...Object.keys(TWINS), ...Object.keys(SIZES)]) {
            if (Object.hasOwn(TWINS, kind) && TWINS[kind]!(log) === undefined) continue;
            if (log.flat().every(({ label }) => label === null)) continue;
            const before = valueOf(log, `click.${kind}`);
            expect(valueOf(transform(log), `click.${kind}`), kind).to.be.closeTo(
              before,
              1e-10 * (1 + before),
            );
          }
        }),
      );
    });
  }

  it('take a weight of w for all rows of a request as w such requests', () => {
    fc.assert(
      fc.property(requests, (log) => {
        const equal = log.map((rows) => rows.map((each) => ({ ...each, weight: rows[0]!.weight })));
        const repeated = equal.flatMap((rows) =>
          Array<PlacedRow[]>(rows[0]!.weight).fill(rows.map((each) => ({ ...each, weight: 1 }))),
        );
        for (const [kind, twin] of Object.entries(TWINS)) {
          if (log.flat().every(({ label }) => label === null) || twin(log) === undefined) continue;
          expect(valueOf(equal, `click.${kind}`), kind).to.be.closeTo(
            valueOf(repeated, `click.${kind}`),
            1e-12,
          );
        }
      }),
    );
  });

  it('of a segment are those of the log that holds only its requests', () => {
    fc.assert(
      fc.property(requests, (log) => {
        const split = log.map((rows, r) =>
          rows.map((each) => ({ ...each, segment: r % 2 === 0 ? 'new' : 'old' })),
        );
        const own = log.filter((_, r) => r % 2 === 0);
        fc.pre(own.flat().some(({ propensity, label }) => propensity < 1 && label !== null));
        for (const [kind, twin] of Object.entries(TWINS)) {
          if (twin(own) === undefined) continue;
          const ofSegment = valueOf(split, `click.${kind}[segment=new]`);
          expect(ofSegment, kind).to.be.closeTo(valueOf(own, `click.${kind}`), 1e-12);
        }
      }),
    );
  });

  for (const { why, log, name = 'click.ips.engagement@2', message } of [
    {
      why: 'places that two rows share',
      log: twoRows({ place: 1 }),
      message:
        '1 of 2 requests have other places than 1 to their number of rows, each once (the first: 1, 1): ' +
        'expected the place of each row among those of its request',
    },
    {
      why: 'places beyond the rows of a request',
      log: twoRows({ place: 3 }),
      message:
        '1 of 2 requests have other places than 1 to their number of rows, each once (the first: 1, 3): ' +
        'expected the place of each row among those of its request',
    },
    {
      why: 'a production that was certain of every place',
      log: twoRows({}).map((rows) => rows.map((each) => ({ ...each, propensity: 1 }))),
      message:
        'every display propensity is 1, so production never showed another ranking: ' +
        'expected a log of a randomised ranking, or metrics without ips and snips',
    },
    {
      why: 'a segment that varies inside a request',
      log: twoRows({ segment: 'old' }),
      name: 'click.snips.dcg@2[segment=new]',
      message:
        'metric click.snips.dcg@2[segment=new] is of a segment that varies inside 1 of 2 requests, whose rows were shown among all ' +
        'others: expected a segment of whole requests',
    },
    {
      why: 'a place that no request tells of',
      log: twoRows({ label: null }).slice(0, 1),
      message:
        'metric click.ips.engagement@2 is undefined on this log: head click has 1 positive and 0 negative labels: expected ' +
        'some label at each of the first places, with a weight above 0',
    },
  ]) {
    it(`refuse ${why}`, () => {
      expect(() => valueOf(log, name)).to.throw(message);
    });
  }
});

function changed(log: PlacedRow[][], change: (row: PlacedRow) => PlacedRow): PlacedRow[][] {
  return log.map((rows) => rows.map(change));
}
