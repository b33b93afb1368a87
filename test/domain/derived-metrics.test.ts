import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  formatDerivedMetric,
  observationOf,
  partsOf,
  termsOf,
  withDerived,
} from '../../src/domain/derived-metric.ts';
import { DomainError } from '../../src/domain/errors.ts';
import { parseWith } from '../../src/domain/schema.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';

const STUDY = { name: 'x', weights: { a: [0, 1], b: [0, 1] }, objective: 'maximize gain' };
const OF_A_LOG = {
  log: { path: 'log.csv', request: 'r' },
  heads: { a: { score: 's_a', label: 'y_a' }, b: { score: 's_b', label: 'y_b' } },
};

function parsed(keys: object): StudyDefinition {
  return parseWith(studySchema, { ...STUDY, ...keys }, 'study_invalid');
}

function complaint(keys: object): string {
  try {
    parsed(keys);
  } catch (error) {
    if (error instanceof DomainError) return error.line;
  }
  return 'nothing was refused';
}

const terms = (count: number): string => Array.from({ length: count }, (_, i) => `m${i}`).join(' + ');

describe('derived metrics', () => {
  it('are read as text or structured, to the same, and written as text that reads as they are', () => {
    const { derived } = parsed({
      derived: {
        gain: '2 * a.ndcg@10 - revenue + 0.5',
        same: { coefficients: { 'a.ndcg@10': 2, revenue: -1 }, constant: 0.5 },
        short: { coefficients: { cost: -0.25 } },
        cancelled: 'cost - cost + 3 * reach',
      },
    });
    expect(derived!['gain']).to.deep.equal({ coefficients: { 'a.ndcg@10': 2, revenue: -1 }, constant: 0.5 });
    expect(derived!['same']).to.deep.equal(derived!['gain']);
    expect(derived!['short']).to.deep.equal({ coefficients: { cost: -0.25 }, constant: 0 });
    expect(formatDerivedMetric(derived!['gain']!)).to.equal('2 * a.ndcg@10 - revenue + 0.5');
    expect(formatDerivedMetric(derived!['short']!)).to.equal('-0.25 * cost');
    expect(partsOf({ derived }, 'cancelled')).to.deep.equal(['reach']);
    expect(
      parsed({ derived: { gain: formatDerivedMetric(derived!['gain']!) } }).derived!['gain'],
    ).to.deep.equal(derived!['gain']);
  });

  it('may have a direction, as any metric', () => {
    const keys = { objective: 'loss', derived: { loss: 'cost - revenue' } };
    expect(complaint({ ...keys, metrics: { loss: { direction: 'minimize' } } })).to.equal(
      'nothing was refused',
    );
    expect(
      complaint({ ...keys, objective: 'maximize loss', metrics: { loss: { direction: 'minimize' } } }),
    ).to.equal('metrics.loss.direction: "minimize" contradicts the objective, which is to maximize it');
  });

  it('are of the metrics of a log, which a report may name too', () => {
    const keys = {
      ...OF_A_LOG,
      objective: 'maximize gain',
      derived: { gain: 'a.roc_auc + b.ndcg@5' },
      report: ['gain'],
    };
    expect(complaint(keys)).to.equal('nothing was refused');
    expect(complaint({ ...keys, objective: 'gain' })).to.equal(
      'objective: "gain" has no direction: expected "maximize gain" or "minimize gain"',
    );
  });

  const refusals: readonly (readonly [string, object, string])[] = [
    [
      'a name with a dot',
      { derived: { 'a.gain': 'revenue' } },
      'derived.a.gain: expected a name of letters, digits and _ (not starting with a digit)',
    ],
    [
      'a reserved name',
      { derived: { baseline: 'revenue' } },
      'derived.baseline: "baseline" is a reserved word',
    ],
    [
      'a metric derived from a derived one',
      { derived: { gain: 'revenue - cost', twice: '2 * gain' } },
      'derived.twice: "gain" is derived itself: expected metrics that are measured',
    ],
    [
      'a metric derived from itself, which would be measured and derived',
      { derived: { gain: 'gain - cost' } },
      'derived.gain: "gain" is derived itself: expected metrics that are measured',
    ],
    [
      'a value for it in the baseline',
      { derived: { gain: 'revenue - cost' }, baseline: { metrics: { revenue: 1, cost: 1, gain: 0 } } },
      'baseline.metrics.gain: is derived: expected its parts alone, revenue, cost',
    ],
    [
      'noise of its own',
      { derived: { gain: 'revenue - cost' }, metrics: { gain: { noise: 'none' } } },
      'metrics.gain.noise: follows from that of its parts: expected it on revenue, cost',
    ],
    [
      'no metric',
      { derived: { gain: '3' } },
      'derived.gain: is the same whatever the metrics are: expected a metric with a coefficient that is not 0',
    ],
    [
      'coefficients that cancel',
      { derived: { gain: 'cost - cost' } },
      'derived.gain: is the same whatever the metrics are: expected a metric with a coefficient that is not 0',
    ],
    ['21 terms', { derived: { gain: terms(21) } }, 'derived.gain: has 21 terms: expected at most 20'],
    [
      '21 derived metrics',
      { derived: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`d${i}`, 'cost'])) },
      'derived: has 21 metrics: expected at most 20',
    ],
    [
      'a coefficient whose square would overflow',
      { derived: { gain: '1e60 * cost' } },
      'derived.gain: multiplies cost by 1e+60: expected 0, or a size from 1e-20 to 1e+20',
    ],
    [
      'a coefficient whose square would vanish',
      { derived: { gain: { coefficients: { cost: -1e-60 } } } },
      'derived.gain: multiplies cost by -1e-60: expected 0, or a size from 1e-20 to 1e+20',
    ],
    [
      'a coefficient that is not a number',
      { derived: { gain: { coefficients: { cost: 'much' } } } },
      'derived.gain.coefficients.cost: is "much": expected a number',
    ],
    [
      'an unknown key',
      { derived: { gain: { coefficients: { cost: 1 }, offset: 1 } } },
      'derived.gain.offset: unknown key "offset": expected one of coefficients, constant',
    ],
    [
      'a relation',
      { derived: { gain: 'cost >= 1' } },
      'derived.gain: "cost >= 1" has a ">=": expected an expression without a relation',
    ],
    [
      'no text',
      { derived: { gain: ' ' } },
      'derived.gain: is empty: expected an expression such as 2 * click + save',
    ],
    [
      'a product of metrics',
      { derived: { gain: 'cost * revenue' } },
      'derived.gain: "cost * revenue" multiplies cost by revenue: expected a linear expression',
    ],
    [
      'a term that no metric can be named',
      { derived: { gain: '2 * cost.of.it' } },
      'derived.gain: names "cost.of.it": expected a metric name such as click.average_precision, click.ndcg@10, ' +
        'click.ndcg@10{empty=zero}[segment=new_users] or revenue',
    ],
    [
      'a term that is a reserved word',
      { derived: { gain: '__proto__ + cost' } },
      'derived.gain: "__proto__" is a reserved word',
    ],
    [
      'a term that a log does not have',
      { ...OF_A_LOG, objective: 'a.roc_auc', derived: { gain: 'a.roc_auc + c.roc_auc' } },
      'derived.gain: unknown metric "c.roc_auc": no head is named "c" (heads: a, b)',
    ],
    [
      'a term that does not depend on the weights',
      { ...OF_A_LOG, objective: 'a.roc_auc', derived: { gain: 'a.roc_auc - a.brier' } },
      'derived.gain: a.brier does not depend on the weights, so it can be no part: list it under report',
    ],
    [
      'a metric of a log that is neither measured nor derived',
      { ...OF_A_LOG, objective: 'gian', derived: { gain: 'a.roc_auc + b.roc_auc' } },
      'objective: unknown metric "gian": expected HEAD.METRIC with METRIC one of average_precision, pr_auc_trapezoid, ' +
        'roc_auc, grouped_auc, ndcg@K, dcg@K, map, mrr, precision@K, recall@K, hit@K, engagement@K, ' +
        'expected_engagement@K, ips.engagement@K, ips.dcg@K, ips.ess@K, snips.engagement@K, snips.dcg@K, snips.ess@K, ' +
        'log_loss, brier, ece, or a derived metric (gain)',
    ],
    [
      'a relative guardrail without all parts in the baseline',
      {
        derived: { gain: 'revenue - cost' },
        guardrails: ['gain >= 0.9 * baseline'],
        baseline: { metrics: { revenue: 1 } },
      },
      'baseline.metrics: lacks cost, which the guardrail "gain >= 0.9 * baseline" is relative to',
    ],
    [
      'a multiple of a baseline that comes to less than 0',
      {
        derived: { gain: 'revenue - cost' },
        guardrails: ['gain >= 0.9 * baseline'],
        baseline: { metrics: { revenue: 1, cost: 2 } },
      },
      "guardrails.0: the baseline's gain is -1, and a multiple of it needs a positive value: expected the form " +
        'gain >= baseline - a',
    ],
  ];
  for (const [what, keys, line] of refusals) {
    it(`are refused with ${what}`, () => expect(complaint(keys)).to.equal(line));
  }

  it('are Σ a_k y_k + c as observed, with the standard error √Σ a_k² sem_k² where all are known', () => {
    const study = parsed({ derived: { gain: '3 * revenue - 4 * cost + 1' } });
    const revenue = { mean: 2, sem: 0.1 };
    const observe = (sem: number | null) => ({
      revenue,
      cost: { mean: 0.5, sem },
      other: { mean: 9, sem: 1 },
    });
    expect(observationOf(study, observe(0.1), 'gain')).to.deep.equal({ mean: 5, sem: 0.5 });
    expect(observationOf(study, observe(null), 'gain')).to.deep.equal({ mean: 5, sem: null });
    expect(observationOf(study, { revenue }, 'gain')).to.equal(undefined);
    expect(observationOf(study, observe(null), 'other')).to.deep.equal({ mean: 9, sem: 1 });
    expect(Object.keys(withDerived(study, observe(0)))).to.deep.equal(['revenue', 'cost', 'other', 'gain']);
    expect(withDerived(study, { revenue })).to.deep.equal({ revenue });
  });

  it('have the variance of independent errors of their parts, over all signs of those', () => {
    const number = fc.integer({ min: -12, max: 12 }).filter((coefficient) => coefficient !== 0);
    fc.assert(
      fc.property(number, number, fc.integer({ min: 1, max: 9 }), (a, b, sem) => {
        const study = parsed({ derived: { gain: { coefficients: { revenue: a, cost: b } } } });
        // Errors of ±sem, each as likely: all four cases of two parts have the variance exactly.
        const cases = [1, -1].flatMap((i) => [1, -1].map((j) => a * i * sem + b * j * 2 * sem));
        const variance = cases.reduce((sum, error) => sum + error ** 2, 0) / 4;
        const observed = { revenue: { mean: 0, sem }, cost: { mean: 0, sem: 2 * sem } };
        expect(observationOf(study, observed, 'gain')!.sem! ** 2).to.be.closeTo(variance, 1e-9 * variance);
      }),
    );
  });

  it('name a measured metric as its own only part', () => {
    expect(termsOf(parsed({}), 'revenue')).to.deep.equal({
      terms: [{ part: 'revenue', coefficient: 1 }],
      constant: 0,
    });
  });
});
