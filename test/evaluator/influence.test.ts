import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { evaluateWithErrors, influencesOf } from '../../src/evaluator/evaluate-with-errors.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { createInfluenceScratch, type Influences } from '../../src/evaluator/influence/influences.ts';
import { covariance } from '../../src/evaluator/standard-errors.ts';
import { generatedLog, reweighted } from './generated-log.ts';

/** Every kind that has an influence, with the options that change which requests count for what. */
const KINDS = [
  'average_precision',
  'pr_auc_trapezoid',
  'roc_auc',
  'grouped_auc',
  'grouped_auc{weights=positive}',
  'grouped_auc{weights=one}',
  'ndcg@3',
  'ndcg@3{gain=exponential,ties=pessimistic,empty=zero}',
  'dcg@3{debias=examination}',
  'map',
  'mrr@2{empty=one}',
  'precision@2',
  'recall@2{empty=zero}',
  'hit@1',
  'engagement@2',
  'expected_engagement@2{examination=log2}',
  'ips.engagement@3{clip=2}',
  'ips.dcg@2',
  'snips.engagement@2',
  'snips.dcg@3{clip=3}',
  'log_loss',
  'brier',
];

function logMetric(name: string): LogMetric {
  const parsed = parseLogMetric(name, ['click', 'save']);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

const METRICS = KINDS.map((kind) => logMetric(`click.${kind}`));
const ORDERING = { weights: Float64Array.of(0.5, 0.25) };
const STEP = 1e-4;
/** Central differences of step h are off by a third derivative times h²/6 and by rounding over h. */
const TOLERANCE = 1e-7;

function influences(log: EngagementLog, weights = ORDERING): Influences {
  const measured = { metrics: METRICS, combinations: [] };
  return influencesOf(log, weights, measured, createEvaluationScratch(log), createInfluenceScratch(log));
}

function valuesOf(log: EngagementLog): Record<string, number> {
  return evaluate(log, ORDERING, METRICS, createEvaluationScratch(log));
}

describe('influences', () => {
  for (const weighted of [false, true]) {
    for (const levels of [0, 6]) {
      it(`are the derivatives by the weight of each user, ${weighted ? 'weighted' : 'unweighted'} rows, ${levels > 0 ? 'many' : 'no'} ties`, () => {
        const random = randomStream(5, 'influence', levels);
        const log = generatedLog(random, {
          users: 12,
          requestsPerUser: 2,
          rowsPerRequest: 4,
          levels,
          weighted,
        });
        const found = influences(log);
        for (let user = 0; user < 12; user++) {
          const up = valuesOf(reweighted(log, (u) => (u === user ? 1 + STEP : 1)));
          const down = valuesOf(reweighted(log, (u) => (u === user ? 1 - STEP : 1)));
          for (const { name } of METRICS) {
            const slope = (up[name]! - down[name]!) / (2 * STEP);
            expect(found[name]![user], `${name} of user ${user}`).to.be.closeTo(slope, TOLERANCE);
          }
        }
      });
    }
  }

  it('sum to 0 over the units, which are requests where the log has no users', () => {
    const random = randomStream(6, 'influence');
    const options = { users: 30, requestsPerUser: 3, rowsPerRequest: 8, levels: 20, weighted: true };
    const log = { ...generatedLog(random, options), userOfRequest: undefined };
    for (const [metric, psi] of Object.entries(influences(log))) {
      expect(psi.length).to.equal(log.requests);
      expect(
        psi.reduce((sum, each) => sum + each, 0),
        metric,
      ).to.be.closeTo(0, 1e-12);
    }
  });

  it('leave out the expected calibration error, which has a corner where a bin is exact', () => {
    const log = generatedLog(randomStream(7, 'influence'), {
      users: 10,
      requestsPerUser: 2,
      rowsPerRequest: 5,
      levels: 0,
      weighted: false,
    });
    const measured = { metrics: [logMetric('click.ece'), logMetric('click.brier')], combinations: [] };
    const scratch = createEvaluationScratch(log);
    const found = evaluateWithErrors(
      log,
      ORDERING,
      measured,
      undefined,
      scratch,
      createInfluenceScratch(log),
    );
    expect(found['click.ece']!.sem).to.equal(null);
    expect(found['click.brier']!.sem).to.be.greaterThan(0);
  });
});

describe('standard errors of one pass', () => {
  const log = generatedLog(randomStream(8, 'influence'), {
    users: 40,
    requestsPerUser: 2,
    rowsPerRequest: 6,
    levels: 0,
    weighted: false,
  });
  const other = { weights: Float64Array.of(0.25, 0.5) };
  const combinations = [
    {
      name: 'engaged',
      terms: [
        { part: 'click.average_precision', coefficient: 2 },
        { part: 'click.ndcg@3', coefficient: -0.5 },
      ],
      constant: 3,
    },
  ];
  const scratch = createEvaluationScratch(log);
  const influenceScratch = createInfluenceScratch(log);
  const measured = { metrics: METRICS, combinations };
  const baseline = influencesOf(log, ORDERING, measured, scratch, influenceScratch);
  const trial = influencesOf(log, other, measured, scratch, influenceScratch);
  const found = evaluateWithErrors(log, other, measured, baseline, scratch, influenceScratch);

  it('come with the values that the evaluation gives, to the bit', () => {
    const values = evaluate(log, other, METRICS, createEvaluationScratch(log));
    for (const { name } of METRICS) expect(found[name]!.mean).to.equal(values[name]);
    expect(found['engaged']!.mean).to.equal(
      3 + 2 * values['click.average_precision']! - 0.5 * values['click.ndcg@3']!,
    );
  });

  it('of a difference follow from the variances and the covariance', () => {
    for (const [metric, { sem, changeSem }] of Object.entries(found)) {
      const reference = baseline[metric]!;
      const variance =
        covariance(trial[metric]!, trial[metric]!) +
        covariance(reference, reference) -
        2 * covariance(trial[metric]!, reference);
      expect(sem, metric).to.be.closeTo(Math.sqrt(covariance(trial[metric]!, trial[metric]!)), 1e-15);
      expect(changeSem! ** 2, metric).to.be.closeTo(variance, 1e-14);
    }
  });

  it('of a combination count the covariance of its parts', () => {
    const [a, b] = [trial['click.average_precision']!, trial['click.ndcg@3']!];
    const variance = 4 * covariance(a, a) + 0.25 * covariance(b, b) - 2 * covariance(a, b);
    expect(found['engaged']!.sem! ** 2).to.be.closeTo(variance, 1e-14);
  });

  it('of the difference of an ordering to itself are 0', () => {
    const same = evaluateWithErrors(log, ORDERING, measured, baseline, scratch, influenceScratch);
    for (const { changeSem } of Object.values(same)) expect(changeSem).to.equal(0);
  });
});
