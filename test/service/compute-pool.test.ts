import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { evaluateWithErrors, influencesOf } from '../../src/evaluator/evaluate-with-errors.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { createInfluenceScratch } from '../../src/evaluator/influence/influences.ts';
import { openComputePool } from '../../src/service/compute-pool.ts';
import { generatedLog } from '../evaluator/generated-log.ts';

const NAMES = [
  'click.average_precision',
  'save.average_precision[segment=b]',
  'save.pr_auc_trapezoid',
  'click.roc_auc',
  'click.ndcg@3',
  'save.grouped_auc[segment=a]',
  'click.log_loss',
  'click.ece',
];

const METRICS = NAMES.map((name): LogMetric => {
  const parsed = parseLogMetric(name, ['click', 'save']);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
});
const MEASURED = {
  metrics: METRICS,
  combinations: [
    {
      name: 'both',
      terms: [
        { part: NAMES[0]!, coefficient: 2 },
        { part: NAMES[4]!, coefficient: -1 },
      ],
      constant: 1,
    },
  ],
};
const ORDERINGS = [
  [0.5, 0.25],
  [0.1, 0.7],
  [1, 0],
].map((weights) => ({ weights: Float64Array.from(weights) }));

/** Of several partitions. */
function largeLog(levels: number, weighted: boolean): EngagementLog {
  const options = { users: 2200, requestsPerUser: 3, rowsPerRequest: 12, levels, weighted };
  const log = generatedLog(randomStream(3, 'pool', levels), options);
  const code = new Int8Array(new SharedArrayBuffer(log.rows));
  for (let i = 0; i < log.rows; i++) code[i] = i % 3;
  return { ...log, segment: { names: ['a', 'b', 'c'], code } };
}

function inOneThread(log: EngagementLog): unknown {
  const [scratch, influences] = [createEvaluationScratch(log), createInfluenceScratch(log)];
  const baseline = influencesOf(log, ORDERINGS[0]!, MEASURED, scratch, influences);
  return ORDERINGS.map((ordering) =>
    evaluateWithErrors(log, ordering, MEASURED, baseline, scratch, influences),
  );
}

async function inPool(log: EngagementLog, workers: number, large: number): Promise<unknown> {
  const pool = openComputePool(workers, log, large);
  try {
    const baseline = await pool.runTogether('influence', { ordering: ORDERINGS[0]!, measured: MEASURED });
    const found = ORDERINGS.map(async (ordering) =>
      pool.runTogether('evaluate', { ordering, measured: MEASURED, baseline }),
    );
    return await Promise.all(found);
  } finally {
    await pool.close();
  }
}

describe('a pool of threads', () => {
  for (const [levels, weighted] of [
    [0, false],
    [50, true],
  ] as const) {
    it(`evaluates to the same bits in any number of threads, together or side by side, ${weighted ? 'weighted with ties' : 'without ties'}`, async () => {
      const log = largeLog(levels, weighted);
      expect(log.rows).to.be.greaterThan(66_000);
      const expected = inOneThread(log);
      expect(await inPool(log, 3, 0)).to.deep.equal(expected);
      expect(await inPool(log, 2, Infinity)).to.deep.equal(expected);
    });
  }

  it('fails in all its threads where one fails, and works on', async () => {
    const log = generatedLog(randomStream(4, 'pool'), {
      users: 20,
      requestsPerUser: 2,
      rowsPerRequest: 5,
      levels: 0,
      weighted: false,
    });
    const measured = { metrics: METRICS.slice(0, 1), combinations: [] };
    const pool = openComputePool(3, log, 0);
    const evaluate = async (...weights: number[]): Promise<unknown> =>
      pool
        .runTogether('evaluate', {
          ordering: { weights: Float64Array.from(weights) },
          measured,
          baseline: undefined,
        })
        .catch((error: unknown) => error);
    try {
      expect(await evaluate(NaN, 1))
        .to.be.instanceOf(Error)
        .with.property('message')
        .that.matches(/weight 0 is NaN|another thread of the evaluation has failed/u);
      expect(await evaluate(1, 1)).to.have.property('click.average_precision');
    } finally {
      await pool.close();
    }
  });

  it('tells what is undefined as a domain error, and works on', async () => {
    const log = generatedLog(randomStream(5, 'pool'), {
      users: 20,
      requestsPerUser: 2,
      rowsPerRequest: 5,
      levels: 0,
      weighted: false,
    });
    log.heads[1]!.label.fill(0);
    const pool = openComputePool(2, log, 0);
    const ordering = ORDERINGS[0]!;
    const evaluate = async (name: string): Promise<unknown> =>
      pool
        .runTogether('evaluate', {
          ordering,
          measured: { metrics: [parseLogMetric(name, ['click', 'save']) as LogMetric], combinations: [] },
          baseline: undefined,
        })
        .catch((error: unknown) => error);
    try {
      expect(await evaluate('save.average_precision')).to.have.property('code', 'log_invalid');
      expect(await evaluate('click.average_precision')).to.have.property('click.average_precision');
    } finally {
      await pool.close();
    }
  });
});
