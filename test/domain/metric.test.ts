import { expect } from 'chai';
import * as fc from 'fast-check';
import { formatGuardrail, guardrailSchema } from '../../src/domain/guardrail.ts';
import { logSchema } from '../../src/domain/log.ts';
import { missingFromLog } from '../../src/domain/log-metric-rules.ts';
import { type LogMetric, METRIC_KINDS, metricNameSchema, parseLogMetric } from '../../src/domain/metric.ts';
import { METRIC_OPTIONS, wordOf } from '../../src/domain/metric-option.ts';
import { objectiveSchema } from '../../src/domain/objective.ts';

const HEADS = ['click', 'long_click'];

function metric(name: string): LogMetric {
  expect(metricNameSchema.safeParse(name).success, name).to.equal(true);
  const parsed = parseLogMetric(name, HEADS);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

describe('names of metrics', () => {
  it('say head, kind, cut-off, options and segment', () => {
    expect(
      metric('long_click.ndcg@10{gain=exponential,ties=pessimistic}[segment=new_users]'),
    ).to.deep.include({ head: 'long_click', kind: 'ndcg', cutoff: 10, segment: 'new_users' });
    const { options } = metric('click.ndcg@10{ties=pessimistic,gain=exponential}');
    expect(options).to.include({ gain: 'exponential', ties: 'pessimistic', empty: 'skip' });
    expect(metric('click.ece{bins=20,binning=quantile}').options).to.include({
      bins: 20,
      binning: 'quantile',
    });
    expect(metric('click.dcg@5{debias=examination,clip=0.05}').options.clip).to.equal(0.05);
    expect(metric('click.map')).to.deep.include({ cutoff: undefined, segment: undefined });
    expect(metric('click.map@20').cutoff).to.equal(20);
    for (const segment of ['København', 'dk-DK', '18.5', '2026-11-26']) {
      expect(metric(`click.mrr[segment=${segment}]`).segment).to.equal(segment);
    }
  });

  it('without options have the first word or the default number of each', () => {
    expect(metric('click.ndcg@10').options).to.deep.equal({
      weights: 'impression',
      gain: 'linear',
      ties: 'averaged',
      empty: 'skip',
      examination: 'one',
      debias: 'none',
      clip: 0,
      largestWeight: Infinity,
      ess: 100,
      binning: 'uniform',
      bins: 15,
    });
  });

  it('take every value of every option of every kind', () => {
    for (const [kind, { cutoff, options }] of Object.entries(METRIC_KINDS)) {
      const name = `click.${kind}${cutoff === 'required' ? '@3' : ''}`;
      for (const option of options as readonly (keyof typeof METRIC_OPTIONS)[]) {
        const values = METRIC_OPTIONS[option];
        const beside = option === 'clip' ? 'debias=examination,' : '';
        for (const value of 'default' in values ? [values.least, values.most] : values) {
          expect(metric(`${name}{${beside}${wordOf(option)}=${value}}`).options[option]).to.equal(value);
        }
      }
    }
  });

  const refused: readonly [string, string][] = [
    ['click.ndcg', 'metric "click.ndcg" needs a cut-off: click.ndcg@10, for example'],
    [
      'click.ndcg{gain=linear}',
      'metric "click.ndcg{gain=linear}" needs a cut-off: click.ndcg@10, for example',
    ],
    ['click.roc_auc@5', 'metric "click.roc_auc@5" takes no cut-off: expected click.roc_auc'],
    [
      'click.roc_auc{ties=averaged}',
      'metric "click.roc_auc{ties=averaged}" takes no options: expected it without {ties=averaged}',
    ],
    [
      'click.ndcg@5{tie=averaged}',
      'metric "click.ndcg@5{tie=averaged}" has an unknown option "tie": expected one of gain, ties, empty',
    ],
    [
      'click.ndcg@5{gain=exp}',
      'metric "click.ndcg@5{gain=exp}" has gain=exp: expected linear or exponential',
    ],
    ['click.map{empty=half}', 'metric "click.map{empty=half}" has empty=half: expected skip, zero or one'],
    [
      'click.ndcg@5{gain=linear,gain=exponential}',
      'metric "click.ndcg@5{gain=linear,gain=exponential}" says gain twice: expected it once',
    ],
    ['click.ece{bins=0}', 'metric "click.ece{bins=0}" has bins=0: expected a whole number from 1 to 1000'],
    [
      'click.ece{bins=2.5}',
      'metric "click.ece{bins=2.5}" has bins=2.5: expected a whole number from 1 to 1000',
    ],
    [
      'click.dcg@5{debias=examination,clip=2}',
      'metric "click.dcg@5{debias=examination,clip=2}" has clip=2: expected a number from 0 to 1',
    ],
    [
      'click.ips.engagement',
      'metric "click.ips.engagement" needs a cut-off: click.ips.engagement@10, for example',
    ],
    [
      'click.snips.dcg@5{clip=0.5}',
      'metric "click.snips.dcg@5{clip=0.5}" has clip=0.5: expected a number from 1 to 1000000',
    ],
    [
      'click.ips.engagement@5{clip=2,clip=3}',
      'metric "click.ips.engagement@5{clip=2,clip=3}" says clip twice: expected it once',
    ],
    [
      'click.ips.engagement@5{debias=examination}',
      'metric "click.ips.engagement@5{debias=examination}" has an unknown option "debias": expected one of clip, ess',
    ],
    [
      'click.ips.engagement@5{ess=0}',
      'metric "click.ips.engagement@5{ess=0}" has ess=0: expected a number from 1 to 1000000000',
    ],
    [
      'click.ips.ndcg@5',
      'metric "click.ips.ndcg@5" is not offered, as ndcg divides by the positives of a request, which depend on the ranking that was shown: expected ips.engagement@K or ips.dcg@K',
    ],
    [
      'click.snips.hit@5',
      'metric "click.snips.hit@5" is not offered, as hit depends on the labels of several places together, which the probability of one does not tell: expected snips.engagement@K or snips.dcg@K',
    ],
    [
      'click.ips.precision@5',
      'metric "click.ips.precision@5" is not offered, as precision leaves out requests without a positive, which depend on the ranking that was shown: expected ips.engagement@K or ips.dcg@K',
    ],
    [
      'click.snips.roc_auc',
      'metric "click.snips.roc_auc" is not offered, as roc_auc is no sum over the places of a request: expected snips.engagement@K or snips.dcg@K',
    ],
    [
      'click.engagement@5{clip=0.1}',
      'metric "click.engagement@5{clip=0.1}" clips what is not debiased: expected debias=examination beside clip',
    ],
  ];
  for (const [name, complaint] of refused) {
    it(`refuse ${name}`, () => {
      expect(metricNameSchema.safeParse(name).success).to.equal(true);
      expect(parseLogMetric(name, HEADS)).to.equal(complaint);
    });
  }

  it('are told by the nearest name where one is near', () => {
    for (const [misspelt, meant] of [
      ['ndgc@10', 'ndcg'],
      ['roc-auc', 'roc_auc'],
      ['ips.engagment@3', 'ips.engagement'],
    ])
      expect(parseLogMetric(`click.${misspelt}`, HEADS)).to.include(
        `(did you mean ${meant}?) is not one of `,
      );
    expect(parseLogMetric('click.lift', HEADS)).not.to.include('did you mean');
  });

  it('have a reason against every kind that has no counterfactual estimator', () => {
    for (const kind of Object.keys(METRIC_KINDS).filter((each) => !/^(engagement|dcg)$|\./.test(each)))
      expect(parseLogMetric(`click.ips.${kind}@5`, HEADS), kind).to.match(
        /^metric "[^"]+" is not offered, as /,
      );
    expect(parseLogMetric('click.ips.clicks@5', HEADS)).to.match(
      /"ips.clicks" is not one of average_precision, /,
    );
  });

  for (const name of [
    'click.ndcg@10{}',
    'click.ops.engagement@5',
    'click.ips.engagement.x@5',
    'click.ndcg@10{gain}',
    'click.ndcg@10{gain=linear, ties=averaged}',
    'click.ndcg@10[segment=]',
    'click.ndcg@10[cohort=new]',
    'click.ndcg@10[segment=a][segment=b]',
    'click.ndcg@10[segment=new]{gain=linear}',
    'click[segment=new]',
    'click.ndcg{gain=linear}@10',
  ]) {
    it(`are not of the form ${name}`, () => {
      expect(metricNameSchema.safeParse(name).success).to.equal(false);
    });
  }

  it('stand in objectives and guardrails whole, with options and segment', () => {
    const name = 'click.ndcg@10{gain=exponential,empty=zero}[segment=new-users]';
    expect(objectiveSchema.parse(`maximize ${name}`)).to.deep.equal({ metric: name, direction: 'maximize' });
    for (const text of [
      'click.ndcg@10[segment=new_users] >= 0.98 * baseline',
      `${name} >= baseline - 0.01`,
      `${name} <= 1.02 * baseline`,
      `${name} >= 0.5`,
    ]) {
      expect(formatGuardrail(guardrailSchema.parse(text))).to.equal(text);
    }
  });

  it('are parsed or refused in one line, never thrown at, whatever the text', () => {
    const piece = fc.constantFrom(
      'click',
      '.',
      'ndcg',
      '@',
      '5',
      '{',
      '}',
      'ties=',
      'averaged',
      ',',
      '[',
      ']',
      '=',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const parsed = parseLogMetric(pieces.join(''), HEADS);
        if (typeof parsed === 'string') expect(parsed).to.not.include('\n');
        else expect(parsed.name).to.equal(pieces.join(''));
      }),
    );
  });
});

const missing = (name: string, more: object = {}) =>
  missingFromLog(metric(name), logSchema.parse({ path: 'log.csv', request: 'r', ...more }));

describe('what a metric needs of the log', () => {
  it('is said where it is absent', () => {
    expect(missing('click.map[segment=a]')).to.equal(
      'metric "click.map[segment=a]" is of a segment: add segment: COLUMN under log',
    );
    expect(missing('click.dcg@3{debias=examination}')).to.equal(
      'metric "click.dcg@3{debias=examination}" is debiased: add examination: COLUMN under log',
    );
    expect(missing('click.ips.engagement@3')).to.equal(
      'metric "click.ips.engagement@3" is counterfactual: add displayPropensity: COLUMN under log',
    );
    expect(missing('click.snips.ess@3', { displayPropensity: 'd' })).to.equal(
      'metric "click.snips.ess@3" is counterfactual: add position: COLUMN under log',
    );
    expect(missing('click.expected_engagement@3{examination=curve}')).to.equal(
      'metric "click.expected_engagement@3{examination=curve}" needs a curve: add examinationCurve: [P(examined | place 1), …] under log',
    );
    expect(
      missing('click.expected_engagement@3{examination=curve}', { examinationCurve: [1, 0.5] }),
    ).to.equal(
      'metric "click.expected_engagement@3{examination=curve}" needs 3 places of the log\'s examinationCurve, which has 2',
    );
  });

  it('is nothing where it is there', () => {
    expect(missing('click.map[segment=a]', { segment: 'cohort' })).to.equal(undefined);
    expect(missing('click.dcg@3{debias=examination}', { examination: 'e' })).to.equal(undefined);
    expect(missing('click.ips.dcg@3', { displayPropensity: 'd', position: 'k' })).to.equal(undefined);
    expect(
      missing('click.expected_engagement@2{examination=curve}', { examinationCurve: [1, 0.5] }),
    ).to.equal(undefined);
    expect(missing('click.expected_engagement@9{examination=log2}')).to.equal(undefined);
  });
});
