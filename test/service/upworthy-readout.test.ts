import { expect } from 'chai';
import { experimentRequestSchema } from '../../src/domain/experiment.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import { readoutSchema } from '../../src/domain/readout.ts';
import { analyseExperiment } from '../../src/service/analyse-experiment.ts';
import { type ComputePool, openComputePool } from '../../src/service/compute-pool.ts';
import { createExperiment } from '../../src/service/create-experiment.ts';
import { createStudy } from '../../src/service/create-study.ts';
import { importReadout } from '../../src/service/import-readout.ts';
import { recommendNext } from '../../src/service/recommend-next.ts';
import { createStudyQueue } from '../../src/service/study-queue.ts';
import { openStore, type Store } from '../../store/open.ts';
import { chiSquareSurvival } from '../../math/chi-square.ts';
import { type UpworthyTest, upworthyTests } from '../online/upworthy.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const WINDOW = { start: '2013-01-01', end: '2013-01-08' };
const ARMS = 5;

/** p of an even split. */
function evenness({ impressions }: UpworthyTest): number {
  const mean = impressions.reduce((sum, count) => sum + count, 0) / impressions.length;
  const statistic = impressions.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
  return chiSquareSurvival(statistic, impressions.length - 1);
}

describe('a real test of headlines', () => {
  let store: Store;
  let pool: ComputePool;
  const tests = upworthyTests();

  before(function () {
    if (tests === undefined) this.skip();
  });
  beforeEach(async () => {
    store = await openStore(':memory:');
    pool = openComputePool(1);
  });
  afterEach(async () => {
    await store.destroy();
    await pool.close();
  });

  /** A study whose only round has arms by hand, one a headline; the readout of the test as sums. */
  async function planned({ impressions, clicks }: UpworthyTest) {
    const context = { store, pool, queue: createStudyQueue(), clock: () => NOW, actor: 'ann' };
    const weights = (i: number) => ({ a: i / ARMS, b: 1 - i / ARMS });
    await createStudy(
      context,
      studySchema.parse({
        name: 'headlines',
        weights: { a: [0, 1], b: [0, 1] },
        sum: 1,
        objective: 'maximize relevance',
        baseline: { weights: weights(0) },
        online: { metrics: { clicks: { kind: 'propensity' } }, objective: 'maximize clicks', rounds: 1 },
      }),
    );
    const handPicked = Array.from({ length: ARMS - 1 }, (_, i) => ({
      name: `headline-${i + 1}`,
      weights: weights(i + 1),
    }));
    const request = experimentRequestSchema.parse({ window: WINDOW, arms: 0, handPicked });
    const { arms } = await createExperiment(context, 'headlines', request);
    const readout = readoutSchema.parse({
      window: WINDOW,
      units: Object.fromEntries(arms.map(({ name }, i) => [name, impressions[i]])),
      metrics: {
        clicks: {
          kind: 'propensity',
          arms: Object.fromEntries(
            arms.map(({ name }, i) => [name, { n: impressions[i], sum: clicks[i], sumOfSquares: clicks[i] }]),
          ),
        },
      },
    });
    return { context, readout };
  }

  it('is analysed as two proportions are by hand, and recommended by what is left of its winner', async () => {
    const test = tests!.find(
      (each) =>
        each.impressions.length === ARMS &&
        evenness(each) > 0.05 &&
        each.clicks.every((count) => count >= 120),
    )!;
    const { context, readout } = await planned(test);
    const { isNew } = await importReadout(context, 'headlines', 1, readout);
    expect(isNew).to.equal(true);
    const { own, posterior } = await analyseExperiment(context, 'headlines', 1);
    const rates = test.clicks.map((count, i) => count / test.impressions[i]!);
    const variances = rates.map((p, i) => (p * (1 - p)) / (test.impressions[i]! - 1));
    own.metrics[0]!.arms.forEach(({ lift, standardError }, i) => {
      const ratio = rates[i + 1]! / rates[0]!;
      const relative = variances[i + 1]! / rates[i + 1]! ** 2 + variances[0]! / rates[0]! ** 2;
      expect(lift).to.be.closeTo(ratio - 1, 1e-12);
      expect(standardError).to.be.closeTo(ratio * Math.sqrt(relative), 1e-12);
    });
    const observed = own.metrics[0]!.arms.map(({ lift }) => lift);
    const leader = observed.indexOf(Math.max(...observed));
    const shrunk = own.shrunk['clicks']!;
    expect(shrunk[leader]!.lift).to.be.below(observed[leader]!);
    const next = await recommendNext(context, 'headlines');
    expect(next.roundsLeft).to.equal(0);
    expect(next.action).to.be.oneOf(['ship', 'stop']);
    expect(next.arm).to.equal(posterior!.shipment?.arm ?? null);
  });

  it('that was not split evenly is refused, and told apart once that is forced', async () => {
    const test = tests!.find((each) => each.impressions.length === ARMS && evenness(each) < 1e-4)!;
    const { context, readout } = await planned(test);
    const refused = await importReadout(context, 'headlines', 1, readout).catch((error: unknown) => error);
    expect(refused).to.include({ code: 'readout_invalid' });
    expect(String(refused)).to.match(/units were not split as planned, p = .*\(gate sample_ratio\)/);
    const forced = await importReadout(context, 'headlines', 1, readout, ['sample_ratio']);
    expect(forced.readout.forced).to.deep.equal(['sample_ratio']);
    const { readout: analysed } = await analyseExperiment(context, 'headlines', 1);
    expect(analysed.forced).to.deep.equal(['sample_ratio']);
  });
});
