import { expect } from 'chai';
import { parseWith } from '../../src/domain/schema.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { evaluatedMetrics } from '../../src/service/evaluated-metrics.ts';

function metricsOf(objective: string, report?: readonly string[]): readonly string[] {
  const definition = parseWith(
    studySchema,
    {
      name: 'small',
      log: { path: 'log.csv', request: 'r', segment: 'cohort' },
      heads: { click: { score: 's0', label: 'y0' }, hide: { score: 's1', label: 'y1', sign: -1 } },
      weights: { click: [0, 1], hide: [0, 1] },
      objective,
      ...(report !== undefined && { report }),
    },
    'study_invalid',
  );
  const heads = [
    { name: 'click', calibration: { positives: 3 } },
    { name: 'hide', calibration: { positives: 0 } },
  ];
  return evaluatedMetrics(definition, { heads } as unknown as EngagementLog).map(({ name }) => name);
}

describe('the metrics that each trial is scored on', () => {
  it('are those that steer, then those of the report, each once and by its whole name', () => {
    const report = ['click.map[segment=new]', 'click.map', 'click.map@3{empty=zero}'];
    expect(metricsOf('click.map', report)).to.deep.equal([
      'click.map',
      'click.map[segment=new]',
      'click.map@3{empty=zero}',
    ]);
  });

  it('without a report are also the average precision of heads with a positive', () => {
    expect(metricsOf('click.mrr')).to.deep.equal(['click.mrr', 'click.average_precision']);
  });

  it('need a positive label where they steer, but for the expected engagement, which reads none', () => {
    expect(metricsOf('hide.expected_engagement@5', [])).to.deep.equal(['hide.expected_engagement@5']);
    for (const metric of ['hide.engagement@5', 'hide.map', 'hide.dcg@5{gain=exponential}']) {
      expect(() => metricsOf(metric, [])).to.throw(
        `column "y1" has no positive label, which ${metric} needs: expected at least one 1`,
      );
    }
  });
});
