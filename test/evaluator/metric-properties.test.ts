import { expect } from 'chai';
import * as fc from 'fast-check';
import { BARE_COLUMNS } from '../../bench/bare-columns.ts';
import { METRIC_KINDS, type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import type { Selection } from '../../src/evaluator/selection.ts';
import { selectRows } from '../../src/evaluator/selection.ts';
import { debiasedGains } from '../../src/evaluator/metrics/debiased-gains.ts';

/** Counterfactual ones, which need places, have a test of their own. */
const KINDS = Object.entries(METRIC_KINDS)
  .filter(([kind]) => !kind.includes('.'))
  .map(([kind, { cutoff }]) => (cutoff === 'required' ? `${kind}@3` : kind));
const METRICS = [...KINDS, 'grouped_auc{weights=positive}', 'grouped_auc{weights=one}'].map(
  (kind): LogMetric => {
    const parsed = parseLogMetric(`click.${kind}`, ['click']);
    if (typeof parsed === 'string') throw new Error(parsed);
    return parsed;
  },
);
/** Its quantile bins of a repeated row are those of a weighted one. */
const QUANTILE = parseLogMetric('click.ece{bins=3,binning=quantile}', ['click']) as LogMetric;

interface Row {
  readonly score: number;
  readonly label: number;
  readonly weight: number;
}

const row = fc.record({
  score: fc.constantFrom(0, 0.125, 0.25, 0.5, 0.625, 1),
  label: fc.constantFrom(0, 1, -1),
  weight: fc.integer({ min: 1, max: 4 }),
});
const requests = fc
  .array(fc.array(row, { minLength: 1, maxLength: 7 }), { minLength: 1, maxLength: 5 })
  .map((log) => [
    ...log,
    // Both classes in one request, so that every metric is defined.
    [
      { score: 0.5, label: 1, weight: 1 },
      { score: 0.25, label: 0, weight: 1 },
    ],
  ]);

function shared<T extends Float64Array | Int8Array | Int32Array>(
  Type: new (buffer: SharedArrayBuffer) => T,
  values: readonly number[],
  bytes: number,
): T {
  const array = new Type(new SharedArrayBuffer(values.length * bytes));
  array.set(values);
  return array;
}

/** A log in memory; the utility is the logged score, so that it may be any number. */
function logOf(
  rows: readonly (readonly Row[])[],
  weighted: boolean,
  utility: (score: number) => number = (score) => score,
): EngagementLog {
  const all = rows.flat();
  const offsets = rows.reduce<number[]>((at, request) => [...at, at.at(-1)! + request.length], [0]);
  const float64 = (values: readonly number[]) => shared(Float64Array<SharedArrayBuffer>, values, 8);
  return {
    ...BARE_COLUMNS,
    rows: all.length,
    requests: rows.length,
    droppedRows: 0,
    requestOffsets: shared(Int32Array<SharedArrayBuffer>, offsets, 4),
    heads: [
      {
        name: 'click',
        sign: 1,
        probability: float64(all.map(({ score }) => score)),
        label: shared(
          Int8Array<SharedArrayBuffer>,
          all.map(({ label }) => label),
          1,
        ),
        grade: undefined,
        calibration: undefined as never,
      },
    ],
    baselineScore: float64(all.map(({ score }) => utility(score))),
    weight: weighted ? float64(all.map(({ weight }) => weight)) : undefined,
  };
}

function valuesOf(log: EngagementLog, metrics = METRICS): Record<string, number> {
  return evaluate(log, 'baselineScore', metrics, createEvaluationScratch(log));
}

function expectClose(actual: Record<string, number>, expected: Record<string, number>): void {
  expect(Object.keys(actual)).to.deep.equal(Object.keys(expected));
  for (const [name, value] of Object.entries(expected))
    expect(actual[name], name).to.be.closeTo(value, 1e-12);
}

const atTies = (ties: string) => parseLogMetric(`click.ndcg@2{ties=${ties}}`, ['click']) as LogMetric;

describe('metrics', () => {
  it('do not change when utilities are transformed monotonically', () => {
    fc.assert(
      fc.property(requests, fc.constantFrom(0.001, 1, 700), (rows, scale) => {
        const transformed = logOf(rows, true, (score) => Math.exp(scale * score) - 3);
        expect(valuesOf(transformed)).to.deep.equal(valuesOf(logOf(rows, true)));
      }),
    );
  });

  it('do not change when rows of a request, or requests, change places', () => {
    fc.assert(
      fc.property(
        requests.chain((rows) =>
          fc.tuple(
            fc.constant(rows),
            fc
              .tuple(...rows.map((request) => fc.shuffledSubarray(request, { minLength: request.length })))
              .chain((shuffled) => fc.shuffledSubarray(shuffled, { minLength: shuffled.length })),
          ),
        ),
        ([rows, shuffled]) => expectClose(valuesOf(logOf(shuffled, true)), valuesOf(logOf(rows, true))),
      ),
    );
  });

  it('do not change when all weights are multiplied', () => {
    fc.assert(
      fc.property(requests, fc.constantFrom(1e-90, 0.3, 1e90), (rows, factor) => {
        const scaled = rows.map((request) =>
          request.map((each) => ({ ...each, weight: factor * each.weight })),
        );
        expectClose(valuesOf(logOf(scaled, true)), valuesOf(logOf(rows, true)));
      }),
    );
  });

  it('take a weight of w for all rows of a request as w such requests', () => {
    fc.assert(
      fc.property(requests, (rows) => {
        const equal = rows.map((request) => request.map((each) => ({ ...each, weight: request[0]!.weight })));
        const repeated = equal.flatMap((request) => Array<readonly Row[]>(request[0]!.weight).fill(request));
        expectClose(valuesOf(logOf(equal, true)), valuesOf(logOf(repeated, false)));
      }),
    );
  });

  it('pooled, and of calibration, take a weight of w as w such rows', () => {
    const ranked = new Set<string>(['average_precision', 'pr_auc_trapezoid', 'roc_auc']);
    const ofRows = METRICS.filter(
      ({ kind }) => ranked.has(kind) || kind === 'grouped_auc' || !METRIC_KINDS[kind].dependsOnWeights,
    ).filter(({ options }) => options.weights !== 'one');
    fc.assert(
      fc.property(requests, (rows) => {
        const repeated = rows.map((request) => request.flatMap((each) => Array<Row>(each.weight).fill(each)));
        const metrics = [...ofRows, QUANTILE];
        expectClose(valuesOf(logOf(rows, true), metrics), valuesOf(logOf(repeated, false), metrics));
      }),
    );
  });

  it('with ties stand between their pessimistic and optimistic value', () => {
    fc.assert(
      fc.property(requests, (rows) => {
        const [low, middle, high] = ['pessimistic', 'averaged', 'optimistic'].map(
          (ties) => Object.values(valuesOf(logOf(rows, false), [atTies(ties)]))[0]!,
        );
        expect(middle).to.be.within(low! - 1e-12, high! + 1e-12);
      }),
    );
  });
});

describe('debiasedGains', () => {
  it('divides positives by the probability that they were examined, or by the clip', () => {
    const gain = Float64Array.of(1, 1, 0, 0, 7);
    const examination = Float64Array.of(0.5, 0.01, 0.5, 0.5, 1);
    expect([...debiasedGains(gain, examination, 0.1)]).to.deep.equal([2, 10, 0, 0, 7]);
    expect([...debiasedGains(gain, examination, 0)]).to.deep.equal([2, 100, 0, 0, 7]);
  });
});

describe('selectRows', () => {
  it('counts rows with a label, positives, and the mean weight of what counts', () => {
    const selected: Selection = selectRows(
      Int32Array.of(0, 3, 4, 6),
      Int8Array.of(1, 0, -1, -1, 0, 2),
      Float64Array.of(2, 4, 100, 7, 1, 0),
    );
    expect([...selected.counted]).to.deep.equal([2, 0, 2]);
    expect([...selected.positives]).to.deep.equal([1, 0, 1]);
    expect([...selected.requestWeight!]).to.deep.equal([3, 0, 0.5]);
  });
});
